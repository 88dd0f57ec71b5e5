import { createFeatureWords } from './feature-words.tsx';
import type { people } from './people.en.ts';

/** The words of the pages about people. */
export const { Words: PeopleWords, useWords } = createFeatureWords<typeof people>({
  en: () => import('./people.en.ts').then((m) => m.people),
  fi: () => import('./people.fi.ts').then((m) => m.people),
});
