import { createContext, createResource, Show, useContext, type ParentProps } from 'solid-js';
import { format } from './format.ts';
import { useI18n } from './i18n.tsx';
import type { Language } from './language.ts';
import type { Placeholders, Plural } from './messages.ts';
import type { people as english } from './people.en.ts';

type English = typeof english;
type Words = { readonly [Key in keyof English]: English[Key] extends string ? string : Plural };
type Key = keyof English;
type Text<K extends Key> = English[K] extends Plural ? English[K]['other'] : English[K];
type Values<K extends Key> = [Placeholders<Text<K>>] extends [never]
  ? []
  : [values: { readonly [Name in Placeholders<Text<K>>]: string | number }];

const LOAD: Record<Language, () => Promise<Words>> = {
  en: () => import('./people.en.ts').then((m) => m.people),
  fi: () => import('./people.fi.ts').then((m) => m.people),
};

const WordsContext = createContext<() => Words>();

/**
 * Brings the words of the pages about people, which the first load does without. Shows its children once they are there;
 * after a change of language the old ones stay until the new have come.
 */
export function PeopleWords(props: ParentProps) {
  const { language } = useI18n();
  const [words] = createResource(language, (name) => LOAD[name]());
  return (
    <Show when={words.latest}>
      {(loaded) => <WordsContext.Provider value={loaded}>{props.children}</WordsContext.Provider>}
    </Show>
  );
}

/** Says something in the reader's language; throws outside `PeopleWords`. */
export function useWords() {
  const words = useContext(WordsContext);
  const { language } = useI18n();
  if (!words) throw new Error('useWords outside PeopleWords');
  return <K extends Key>(key: K, ...[values]: Values<K>): string => format(language(), words()[key], values);
}
