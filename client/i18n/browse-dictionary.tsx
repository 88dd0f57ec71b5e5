import type { browse as english } from './browse.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./browse.en.ts').then((m) => m.browse),
  fi: () => import('./browse.fi.ts').then((m) => m.browse),
});

/** Brings the words of selecting many, of tags, of empty lists and of the sheet of keys. */
export const BrowseDictionary = dictionary.Provider;

/** Says something in the reader's language; throws outside `BrowseDictionary`. */
export const useBrowseDictionary = dictionary.use;
