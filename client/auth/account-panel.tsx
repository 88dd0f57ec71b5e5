import { Show } from 'solid-js';
import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { useQuery } from '../api/query-observer.ts';
import { libraryPath } from '../library/paths.ts';
import { TRASH } from '../library/query-filters.ts';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { revisionQuery } from './session.queries.ts';
import { LanguageChoice, ThemeChoice } from './preferences.tsx';
import { useSession } from './session-gate.tsx';

/** Abbreviates a commit hash as GitHub does; any other name of a version stays whole. */
const shortRevision = (revision: string) => revision.replace(/^([\da-f]{8})[\da-f]+$/, '$1');

/** The menu's content: user name, theme, language, sign-out and version. */
export function AccountPanel(props: { onHelp: () => void }) {
  return (
    <PeopleDictionary>
      <Panel onHelp={() => props.onHelp()} />
    </PeopleDictionary>
  );
}

/** Closes the menu: the trash is a list of the same page, so nothing else would. */
const close = () => document.getElementById('account-menu')?.hidePopover();

function Panel(props: { onHelp: () => void }) {
  const t = usePeopleDictionary();
  const { user, signOut } = useSession();
  const report = useErrorReport();
  const revision = useQuery(() => revisionQuery);

  return (
    <>
      <div>
        <p class="account-name">{t('menu.signedInAs', { name: user().username })}</p>
        <Show when={user().role === 'admin'}>
          <p class="faint">{t('menu.admin')}</p>
        </Show>
      </div>
      <ThemeChoice />
      <LanguageChoice />
      <a class="button menu-row" href={libraryPath(TRASH)} onClick={close}>
        <Icon name="trash" />
        {t('menu.trash')}
      </a>
      <a class="button menu-row" href="/duplicates">
        <Icon name="copy" />
        {t('menu.duplicates')}
      </a>
      <a class="button menu-row" href="/invites">
        <Icon name="share" />
        {t('menu.invite')}
      </a>
      <a class="button menu-row" href="/account">
        <Icon name="edit" />
        {t('menu.page')}
      </a>
      <Show when={user().role === 'admin'}>
        <a class="button menu-row" href="/admin">
          <Icon name="info" />
          {t('menu.adminPage')}
        </a>
      </Show>
      <button type="button" class="button menu-row account-keys" onClick={() => props.onHelp()}>
        <Icon name="words" />
        {t('menu.keys')}
      </button>
      <button type="button" class="button menu-row" onClick={() => void signOut().catch(report)}>
        <Icon name="right" />
        {t('account.signOut')}
      </button>
      <Show when={revision.data}>
        {(health) => (
          <p class="faint">{t('menu.revision', { revision: shortRevision(health().revision) })}</p>
        )}
      </Show>
    </>
  );
}
