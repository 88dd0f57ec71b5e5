import { Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useQuery } from '../api/observe.ts';
import { useReport } from '../ui/report.ts';
import { revisionQuery } from './accounts.queries.ts';
import { LanguageChoice, ThemeChoice } from './choices.tsx';
import { useSession } from './session-gate.tsx';

/** As GitHub abbreviates a commit. */
const REVISION_LENGTH = 8;

/** Who is signed in, how the page looks and speaks, the way out, and what runs here. */
export function AccountPanel(props: { onHelp: () => void }) {
  const i18n = useI18n();
  const { user, signOut } = useSession();
  const report = useReport();
  const revision = useQuery(() => revisionQuery);

  return (
    <>
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
      <button type="button" class="button quiet account-keys" onClick={() => props.onHelp()}>
        {i18n.t('keys.open')}
      </button>
      <button type="button" class="button quiet" onClick={() => void signOut().catch(report)}>
        {i18n.t('account.signOut')}
      </button>
      <Show when={revision.data}>
        {(health) => (
          <p class="faint">
            {i18n.t('account.revision', { revision: health().revision.slice(0, REVISION_LENGTH) })}
          </p>
        )}
      </Show>
    </>
  );
}
