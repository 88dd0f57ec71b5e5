import { createComputed, createContext, createSignal, Show, useContext, type ParentProps } from 'solid-js';
import { format } from './format.ts';
import { useI18n } from './i18n.tsx';
import { loadPart, type Language, type PartLoaders } from './language.ts';
import type { Message, Placeholders, Plural, Translation } from './messages.ts';

type Text<Said> = Said extends Plural ? Said['other'] : Said;
type Values<Said> = [Placeholders<Text<Said>>] extends [never]
  ? []
  : [values: { readonly [Name in Placeholders<Text<Said>>]: string | number }];

/**
 * Creates a dictionary of messages outside the first load.
 *
 * @param loaders `import.meta.glob` of the part; English is the source that types check the others
 *   against
 */
export function createDictionary<const English extends Record<string, Message>>(
  loaders: PartLoaders<Translation<English>>,
) {
  type Words = Translation<English>;
  const Context = createContext<() => Words>();

  return {
    /** Loads the messages before they are needed. */
    load: (language: Language) => loadPart(loaders, language),
    /**
     * Renders its children once the messages are loaded. After a language change the old messages
     * stay until the new ones have loaded.
     */
    Provider: (props: ParentProps) => {
      const { language } = useI18n();
      const [words, setWords] = createSignal<() => Words | undefined>(() => undefined);
      createComputed(() => {
        const wanted = language();
        const arrive = (next: () => Words) => wanted === language() && setWords(() => next);
        loadPart(loaders, wanted).then(
          (loaded) => arrive(() => loaded),
          (thrown: unknown) =>
            arrive(() => {
              throw thrown;
            }),
        );
      });
      return (
        <Show when={words()()}>
          {(loaded) => <Context.Provider value={loaded}>{props.children}</Context.Provider>}
        </Show>
      );
    },
    /** Returns the translate function; throws outside the provider. */
    use: () => {
      const words = useContext(Context);
      const { language } = useI18n();
      if (!words) throw new Error('words are used outside their provider');
      return <Key extends keyof English>(key: Key, ...[values]: Values<English[Key]>): string =>
        format(language(), words()[key], values);
    },
  };
}
