import { Show } from 'solid-js';
import { PeopleWords, useWords } from '../i18n/people-dictionary.tsx';
import { useQuery } from '../api/query-observer.ts';
import { useReport } from '../ui/report-error.ts';
import { revisionQuery } from './session.queries.ts';
import { LanguageChoice, ThemeChoice } from './preferences.tsx';
import { useSession } from './session-gate.tsx';

/** As GitHub abbreviates a commit. */
const REVISION_LENGTH = 8;

/** Who is signed in, how the page looks and speaks, the way out, and what runs here. */
export function AccountPanel(props: { onHelp: () => void }) {
  return (
    <PeopleWords>
      <Panel onHelp={() => props.onHelp()} />
    </PeopleWords>
  );
}

function Panel(props: { onHelp: () => void }) {
  const say = useWords();
  const { user, signOut } = useSession();
  const report = useReport();
  const revision = useQuery(() => revisionQuery);

  return (
    <>
      <div>
        <p class="account-name">{say('menu.signedInAs', { name: user().username })}</p>
        <Show when={user().role === 'admin'}>
          <p class="faint">{say('menu.admin')}</p>
        </Show>
      </div>
      <ThemeChoice />
      <LanguageChoice />
      <a class="button quiet" href="/invites">
        {say('menu.invite')}
      </a>
      <a class="button quiet" href="/account">
        {say('menu.page')}
      </a>
      <Show when={user().role === 'admin'}>
        <a class="button quiet" href="/admin">
          {say('menu.adminPage')}
        </a>
      </Show>
      <button type="button" class="button quiet account-keys" onClick={() => props.onHelp()}>
        {say('menu.keys')}
      </button>
      <button type="button" class="button quiet" onClick={() => void signOut().catch(report)}>
        {say('account.signOut')}
      </button>
      <Show when={revision.data}>
        {(health) => (
          <p class="faint">
            {say('menu.revision', { revision: health().revision.slice(0, REVISION_LENGTH) })}
          </p>
        )}
      </Show>
    </>
  );
}
