import { createContext, createResource, Show, useContext, type ParentProps } from 'solid-js';
import { format } from './format.ts';
import { useI18n } from './i18n.tsx';
import type { Language } from './language.ts';
import type { Message, Placeholders, Plural } from './messages.ts';

type Dictionary = Record<string, Message>;
/** A language with exactly the keys of English; plurals stay plurals. */
type WordsOf<English extends Dictionary> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural;
};
type Text<Word extends Message> = Word extends Plural ? Word['other'] : Word;
type Values<Word extends Message> = [Placeholders<Text<Word>>] extends [never]
  ? []
  : [values: { readonly [Name in Placeholders<Text<Word>>]: string | number }];

/**
 * The words of a part of the page which the first load does without: a dictionary of its own, loaded with that part.
 *
 * @returns `Words`, which shows its children once the words are there (after a change of language the old ones stay until the
 *   new have come), and `useWords` for them, which throws outside
 */
export function createFeatureWords<English extends Dictionary>(
  load: Record<Language, () => Promise<WordsOf<English>>>,
) {
  const Context = createContext<() => WordsOf<English>>();

  function Words(props: ParentProps) {
    const { language } = useI18n();
    const [words] = createResource(language, (name) => load[name]());
    return (
      <Show when={words.latest}>
        {(loaded) => <Context.Provider value={loaded}>{props.children}</Context.Provider>}
      </Show>
    );
  }

  function useWords() {
    const words = useContext(Context);
    const { language } = useI18n();
    if (!words) throw new Error('useWords outside its Words');
    return <Key extends keyof English>(key: Key, ...[values]: Values<English[Key]>): string =>
      format(language(), words()[key], values);
  }

  return { Words, useWords };
}
