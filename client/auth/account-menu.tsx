import { createSignal, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useSession } from './session-gate.tsx';
import './account-menu.css';

/** Loads the menu's content, which is not needed before the menu opens. */
export const loadAccountPanel = () => import('./account-panel.tsx');

const AccountPanel = lazyComponent(() => loadAccountPanel().then((m) => m.AccountPanel), 'part');

/** The button with the initial of the user's name, and the menu it opens. */
export function AccountMenu(props: { onHelp: () => void }) {
  const { t } = useI18n();
  const { user } = useSession();
  const [opened, setOpened] = createSignal(false);
  const initial = () => String.fromCodePoint(user().username.codePointAt(0) ?? 0x3f).toUpperCase();

  return (
    <>
      <button
        type="button"
        class="button icon-only account-button"
        popovertarget="account-menu"
        aria-label={t('account.menu')}
        aria-haspopup="dialog"
      >
        <span aria-hidden="true">{initial()}</span>
      </button>
      <div
        id="account-menu"
        class="account-menu"
        popover="auto"
        role="group"
        aria-label={t('account.menu')}
        on:beforetoggle={() => setOpened(true)}
      >
        <Show when={opened()}>
          <AccountPanel onHelp={props.onHelp} />
        </Show>
      </div>
    </>
  );
}
