import type { media as english } from './media.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./media.en.ts').then((m) => m.media),
  fi: () => import('./media.fi.ts').then((m) => m.media),
});

/** Brings the words of the viewer. */
export const MediaDictionary = dictionary.Provider;

/** Has them ready before a picture is opened. */
export const loadMediaDictionary = dictionary.load;

/** Says something in the reader's language; throws outside `MediaWords`. */
export const useMediaDictionary = dictionary.use;
