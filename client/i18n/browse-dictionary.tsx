import type { browse as english } from './browse.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./browse.en.ts').then((m) => m.browse),
  fi: () => import('./browse.fi.ts').then((m) => m.browse),
});

/** Provides the messages for selection, tags, empty lists and keyboard shortcuts. */
export const BrowseDictionary = dictionary.Provider;

/** Returns the translate function; throws outside `BrowseDictionary`. */
export const useBrowseDictionary = dictionary.use;
