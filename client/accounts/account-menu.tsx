import { For, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/language.ts';
import { useReport } from '../ui/report.ts';
import { createTheme, THEMES } from '../ui/theme.ts';
import { useSession } from './session-gate.tsx';
import './account-menu.css';

/** Who is signed in, how the page looks and speaks, and the way out. */
export function AccountMenu() {
  const i18n = useI18n();
  const { user, signOut } = useSession();
  const theme = createTheme();
  const report = useReport();
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
        aria-label={i18n.t('account.menu')}
      >
        <div>
          <p class="account-name">{i18n.t('account.signedInAs', { name: user().username })}</p>
          <Show when={user().role === 'admin'}>
            <p class="faint">{i18n.t('account.admin')}</p>
          </Show>
        </div>
        <fieldset class="choice">
          <legend>{i18n.t('account.theme')}</legend>
          <div class="choice-options">
            <For each={THEMES}>
              {(name) => (
                <label>
                  <input
                    type="radio"
                    name="theme"
                    checked={theme.theme() === name}
                    onChange={() => theme.use(name)}
                  />
                  {i18n.t(`account.theme.${name}`)}
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <fieldset class="choice">
          <legend>{i18n.t('account.language')}</legend>
          <div class="choice-options">
            <For each={LANGUAGES}>
              {(name) => (
                <label lang={name}>
                  <input
                    type="radio"
                    name="language"
                    checked={i18n.language() === name}
                    onChange={() => void i18n.use(name).catch(report)}
                  />
                  {LANGUAGE_NAMES[name]}
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <button type="button" class="button quiet" onClick={() => void signOut().catch(report)}>
          {i18n.t('account.signOut')}
        </button>
      </div>
    </>
  );
}
