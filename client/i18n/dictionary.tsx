import { createContext, createResource, Show, useContext, type ParentProps } from 'solid-js';
import { format } from './format.ts';
import { useI18n } from './i18n.tsx';
import type { Language } from './language.ts';
import type { Message, Placeholders, Plural } from './messages.ts';

type Text<Said> = Said extends Plural ? Said['other'] : Said;
type Values<Said> = [Placeholders<Text<Said>>] extends [never]
  ? []
  : [values: { readonly [Name in Placeholders<Text<Said>>]: string | number }];

type Translated<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural;
};

/**
 * The words of a part of the page that the first load does without.
 *
 * @param load brings a language's words; English is the source the others are checked against
 */
export function createDictionary<const English extends Record<string, Message>>(
  load: Record<Language, () => Promise<Translated<English>>>,
) {
  type Words = Translated<English>;
  const Context = createContext<() => Words>();

  return {
    /** Has the words ready before they are needed. */
    load: (language: Language): Promise<unknown> => load[language](),
    /** Shows its children once the words are there; after a change of language the old ones stay until the new have come. */
    Provider: (props: ParentProps) => {
      const { language } = useI18n();
      const [words] = createResource(language, (name) => load[name]());
      return (
        <Show when={words.latest}>
          {(loaded) => <Context.Provider value={loaded}>{props.children}</Context.Provider>}
        </Show>
      );
    },
    /** Says something in the reader's language; throws outside the provider. */
    use: () => {
      const words = useContext(Context);
      const { language } = useI18n();
      if (!words) throw new Error('words are used outside their provider');
      return <Key extends keyof English>(key: Key, ...[values]: Values<English[Key]>): string =>
        format(language(), words()[key], values);
    },
  };
}
