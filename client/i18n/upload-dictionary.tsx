import type { upload as english } from './upload.en.ts';
import { createDictionary } from './dictionary.tsx';

const dictionary = createDictionary<typeof english>({
  en: () => import('./upload.en.ts').then((m) => m.upload),
  fi: () => import('./upload.fi.ts').then((m) => m.upload),
});

/** Provides the messages for uploads, sharing to the app, and releases. */
export const UploadDictionary = dictionary.Provider;

/** Returns the translate function; throws outside `UploadDictionary`. */
export const useUploadDictionary = dictionary.use;
