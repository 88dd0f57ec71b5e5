import { For } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { isLanguage, LANGUAGES } from '../i18n/language.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { createTheme, THEMES } from '../ui/theme.ts';

/** Theme setting: light, dark or system. */
export function ThemeChoice() {
  const t = usePeopleDictionary();
  const theme = createTheme();
  return (
    <fieldset class="choice">
      <legend>{t('account.theme')}</legend>
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
              {t(`account.theme.${name}`)}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}

/** Language setting. */
export function LanguageChoice() {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const report = useErrorReport();
  return (
    <fieldset class="choice">
      <legend>{t('account.language')}</legend>
      <div class="choice-options">
        <For each={Object.keys(LANGUAGES).filter(isLanguage)}>
          {(name) => (
            <label lang={name}>
              <input
                type="radio"
                name="language"
                checked={i18n.language() === name}
                onChange={() => void i18n.use(name).catch(report)}
              />
              {LANGUAGES[name]}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
