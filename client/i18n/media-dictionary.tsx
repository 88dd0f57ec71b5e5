import type { media as english } from './media.en.ts';
import { createWords } from './dictionary.tsx';

const words = createWords<typeof english>({
  en: () => import('./media.en.ts').then((m) => m.media),
  fi: () => import('./media.fi.ts').then((m) => m.media),
});

/** Brings the words of the viewer. */
export const MediaWords = words.Provider;

/** Has them ready before a picture is opened. */
export const loadMediaWords = words.load;

/** Says something in the reader's language; throws outside `MediaWords`. */
export const useMediaWords = words.use;
