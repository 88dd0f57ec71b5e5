import { onMount } from 'solid-js';
import { forgetFolder } from '../pwa/caches.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Logo } from '../ui/logo.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { CredentialsForm } from './credentials-form.tsx';

/** The page of a user who lacks a passkey; not needed for signing in. */
export const PasskeyPage = lazyComponent(
  () => import('../passkeys/passkey-page.tsx').then((m) => m.PasskeyPage),
  'page',
);

/** Page for visitors without a session: signs in, or creates the first account. */
export function SignInPage(props: { first: boolean }) {
  const { t } = useI18n();
  onMount(() => void forgetFolder().catch(console.warn)); // blocked storage keeps nothing
  return (
    <main class="public-page">
      <div class="public-card">
        <p class="public-brand">
          <Logo />
          meemikansio
        </p>
        <h1>{t(props.first ? 'account.first' : 'account.signIn')}</h1>
        <p class="public-lead">{t(props.first ? 'account.first.lead' : 'account.signIn.lead')}</p>
        <CredentialsForm first={props.first} />
      </div>
    </main>
  );
}

/**
 * Sign-in dialog above the page, shown when the session has ended. Loaded data and typed text stay
 * underneath.
 */
export function SignInDialog() {
  const { t } = useI18n();
  onMount(() => void forgetFolder().catch(console.warn));
  return (
    <Dialog class="public-card again" labelledBy="again">
      <Logo mood="asleep" />
      <h1 id="again">{t('account.signInAgain')}</h1>
      <p class="public-lead">{t('account.signInAgain.lead')}</p>
      <CredentialsForm first={false} />
    </Dialog>
  );
}
