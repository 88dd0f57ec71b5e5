import type { upload as english } from './upload.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./upload.en.ts').then((m) => m.upload),
  fi: () => import('./upload.fi.ts').then((m) => m.upload),
});

/** Brings the words about sending files, sharing to the app and its releases. */
export const UploadDictionary = dictionary.Provider;

/** Says something in the reader's language; throws outside `UploadWords`. */
export const useUploadDictionary = dictionary.use;
