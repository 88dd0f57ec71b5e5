import { createContext, createEffect, createSignal, useContext, type ParentProps } from 'solid-js';
import type { AnyErrorCode } from '../api/errors.ts';
import { readSetting, saveSetting } from '../lib/local-storage.ts';
import {
  format,
  formatAge,
  formatDay,
  formatMoment,
  formatNumber,
  type Dictionary,
  type ErrorDictionary,
  type MessageKey,
  type Values,
} from './format.ts';
import type { Plural } from './messages.ts';
import { loadDictionary, loadErrorDictionary, pickLanguage, type Language } from './language.ts';

/** The messages for error codes: none if they did not load. */
interface LoadedErrors {
  language?: Language;
  messages: Partial<ErrorDictionary>;
}

/** Functions that translate and format text; every accessor reacts to a language change. */
export type I18n = ReturnType<typeof createI18n>;

/** The initial language: the saved choice, otherwise the browser's preference. */
export const startLanguage = (): Language => pickLanguage(readSetting('language'), navigator.languages);

/**
 * Holds the language and its dictionary. A change loads the other dictionary first, so that no raw
 * key ever shows.
 */
export function createI18n(language: Language, dictionary: Dictionary) {
  const [current, setCurrent] = createSignal({ language, dictionary });
  const [errors, setErrors] = createSignal<LoadedErrors>();
  const locale = () => current().language;
  let loading: { language: Language; done: Promise<void> } | undefined;

  /** Loads the messages for error codes in the current language. It never rejects. */
  function loadErrors(): Promise<void> {
    const wanted = locale();
    if (errors()?.language === wanted) return Promise.resolve();
    if (loading?.language === wanted) return loading.done;
    const done = loadErrorDictionary(wanted).then(
      (loaded) => void setErrors({ language: wanted, messages: loaded }),
      // The message for an unknown error stands in. The next error tries again.
      () => void setErrors((before) => before ?? { messages: {} }),
    );
    loading = { language: wanted, done: done.finally(() => (loading = undefined)) };
    return loading.done;
  }

  return {
    language: locale,
    loadErrors,
    /** Loads and shows another language, and saves it for the next visit. */
    async use(next: Language): Promise<void> {
      const loaded = await loadDictionary(next);
      saveSetting('language', next);
      setCurrent({ language: next, dictionary: loaded });
      // Sets `lang` at once for screen readers: effects may wait for messages that are still
      // loading.
      if ('document' in globalThis) document.documentElement.lang = next;
    },
    t: <Key extends MessageKey>(key: Key, ...[values]: Values<Key>): string =>
      format(locale(), current().dictionary[key], values),
    /**
     * Translates an error code. It also covers codes of a newer server that this client does not
     * know. It is empty until the messages are loaded, for which it asks.
     */
    errorText: (code: AnyErrorCode): string => {
      const key = `error.${code}` as const;
      const first: Partial<Record<string, string | Plural>> = current().dictionary;
      const later: Partial<Record<string, string>> | undefined = errors()?.messages;
      const message = first[key] ?? later?.[key];
      if (message === undefined) void loadErrors();
      return format(locale(), message ?? (later ? current().dictionary['error.unknown'] : ''));
    },
    age: (time: string) => formatAge(locale(), new Date(time), new Date()),
    date: (time: string) => formatDay(locale(), new Date(time)),
    moment: (time: string) => formatMoment(locale(), new Date(time)),
    number: (value: number) => formatNumber(locale(), value),
  };
}

const I18nContext = createContext<I18n>();

export function I18nProvider(props: ParentProps<{ value: I18n }>) {
  createEffect(() => {
    document.documentElement.lang = props.value.language();
  });
  return <I18nContext.Provider value={props.value}>{props.children}</I18nContext.Provider>;
}

/** Returns the page's i18n; throws outside `I18nProvider`. */
export function useI18n(): I18n {
  const i18n = useContext(I18nContext);
  if (!i18n) throw new Error('useI18n outside I18nProvider');
  return i18n;
}
