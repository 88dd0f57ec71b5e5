import { useQuery } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useReport } from '../ui/report.ts';
import { revisionQuery } from './accounts.queries.ts';
import { LanguageChoice, ThemeChoice } from './choices.tsx';
import { useSession } from './session-gate.tsx';
import './account-menu.css';

/** As GitHub abbreviates a commit. */
const REVISION_LENGTH = 8;

/** Who is signed in, how the page looks and speaks, and the way out, and what runs here. */
export function AccountMenu() {
  const i18n = useI18n();
  const { user, signOut } = useSession();
  const report = useReport();
  // Asked for when the menu is opened for the first time: no page needs it to show itself.
  const [opened, setOpened] = createSignal(false);
  const revision = useQuery(() => ({ ...revisionQuery, enabled: opened() }));
  const initial = () => String.fromCodePoint(user().username.codePointAt(0) ?? 0x3f).toUpperCase();

  return (
    <>
      <button
        type="button"
        class="button icon-only account-button"
        popovertarget="account-menu"
        aria-label={i18n.t('account.menu')}
        aria-haspopup="dialog"
      >
        <span aria-hidden="true">{initial()}</span>
      </button>
      <div
        id="account-menu"
        class="account-menu"
        popover="auto"
        role="group"
        onToggle={() => setOpened(true)}
        aria-label={i18n.t('account.menu')}
      >
        <div>
          <p class="account-name">{i18n.t('account.signedInAs', { name: user().username })}</p>
          <Show when={user().role === 'admin'}>
            <p class="faint">{i18n.t('account.admin')}</p>
          </Show>
        </div>
        <ThemeChoice />
        <LanguageChoice />
        <a class="button quiet" href="/invites">
          {i18n.t('account.invite')}
        </a>
        <a class="button quiet" href="/account">
          {i18n.t('account.page')}
        </a>
        <Show when={user().role === 'admin'}>
          <a class="button quiet" href="/admin">
            {i18n.t('account.adminPage')}
          </a>
        </Show>
        <button type="button" class="button quiet" onClick={() => void signOut().catch(report)}>
          {i18n.t('account.signOut')}
        </button>
        <Show when={revision.isSuccess && revision.data}>
          {(health) => (
            <p class="faint">
              {i18n.t('account.revision', { revision: health().revision.slice(0, REVISION_LENGTH) })}
            </p>
          )}
        </Show>
      </div>
    </>
  );
}
