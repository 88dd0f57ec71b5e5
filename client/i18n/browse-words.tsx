import { createFeatureWords } from './feature-words.tsx';
import type { browse } from './browse.en.ts';

/** The words of selecting many, of tags, of empty lists and of the sheet of keys. */
export const { Words: BrowseWords, useWords: useBrowseWords } = createFeatureWords<typeof browse>({
  en: () => import('./browse.en.ts').then((m) => m.browse),
  fi: () => import('./browse.fi.ts').then((m) => m.browse),
});
