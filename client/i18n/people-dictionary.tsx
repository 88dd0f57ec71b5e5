import type { people as english } from './people.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./people.en.ts').then((m) => m.people),
  fi: () => import('./people.fi.ts').then((m) => m.people),
});

/** Brings the words of the pages about people. */
export const PeopleDictionary = dictionary.Provider;

/** Says something in the reader's language; throws outside `PeopleWords`. */
export const usePeopleDictionary = dictionary.use;
