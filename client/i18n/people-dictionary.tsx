import type { people as english } from './people.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./people.en.ts').then((m) => m.people),
  fi: () => import('./people.fi.ts').then((m) => m.people),
});

/** Provides the messages of the account, invitation and admin pages. */
export const PeopleDictionary = dictionary.Provider;

/** Returns the translate function; throws outside `PeopleDictionary`. */
export const usePeopleDictionary = dictionary.use;
