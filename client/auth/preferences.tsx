import { For } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useWords } from '../i18n/people-dictionary.tsx';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/language.ts';
import { useReport } from '../ui/report-error.ts';
import { createTheme, THEMES } from '../ui/theme.ts';

/** Light, dark, or as the system has it. */
export function ThemeChoice() {
  const say = useWords();
  const theme = createTheme();
  return (
    <fieldset class="choice">
      <legend>{say('account.theme')}</legend>
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
              {say(`account.theme.${name}`)}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}

/** The language of the page. */
export function LanguageChoice() {
  const i18n = useI18n();
  const say = useWords();
  const report = useReport();
  return (
    <fieldset class="choice">
      <legend>{say('account.language')}</legend>
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
  );
}
