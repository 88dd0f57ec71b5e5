import type { people as english } from './people.en.ts';
import { createWords } from './dictionary.tsx';

const words = createWords<typeof english>({
  en: () => import('./people.en.ts').then((m) => m.people),
  fi: () => import('./people.fi.ts').then((m) => m.people),
});

/** Brings the words of the pages about people. */
export const PeopleWords = words.Provider;

/** Says something in the reader's language; throws outside `PeopleWords`. */
export const useWords = words.use;
