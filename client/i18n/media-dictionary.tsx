import type { media as english } from './media.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./media.en.ts').then((m) => m.media),
  fi: () => import('./media.fi.ts').then((m) => m.media),
});

/** Provides the messages of the viewer. */
export const MediaDictionary = dictionary.Provider;

/** Loads the messages before the viewer opens. */
export const loadMediaDictionary = dictionary.load;

/** Returns the translate function; throws outside `MediaDictionary`. */
export const useMediaDictionary = dictionary.use;
