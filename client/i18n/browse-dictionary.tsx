import type { browse as english } from './browse.en.ts';
import { createWords } from './dictionary.tsx';

const words = createWords<typeof english>({
  en: () => import('./browse.en.ts').then((m) => m.browse),
  fi: () => import('./browse.fi.ts').then((m) => m.browse),
});

/** Brings the words of selecting many, of tags, of empty lists and of the sheet of keys. */
export const BrowseWords = words.Provider;

/** Says something in the reader's language; throws outside `BrowseWords`. */
export const useBrowseWords = words.use;
