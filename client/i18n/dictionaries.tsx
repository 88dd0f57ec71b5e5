import { createDictionary } from './dictionary.tsx';
import type * as english from './languages/en.ts';
import type { Translation } from './messages.ts';

/*
 * The parts of the dictionaries outside the first load. Vite reads the arguments of
 * `import.meta.glob` before the code runs, so they must be literals.
 */

const browse = createDictionary<typeof english.browse>(
  import.meta.glob<Translation<typeof english.browse>>('./languages/*.ts', {
    query: '?part=browse',
    import: 'browse',
  }),
);

/** Provides the messages for selection, tags, empty lists and keyboard shortcuts. */
export const BrowseDictionary = browse.Provider;

/** Loads the messages before they are needed. */
export const loadBrowseDictionary = browse.load;

/** Returns the translate function; throws outside `BrowseDictionary`. */
export const useBrowseDictionary = browse.use;

const media = createDictionary<typeof english.media>(
  import.meta.glob<Translation<typeof english.media>>('./languages/*.ts', {
    query: '?part=media',
    import: 'media',
  }),
);

/** Provides the messages for the viewer. */
export const MediaDictionary = media.Provider;

/** Loads the messages before they are needed. */
export const loadMediaDictionary = media.load;

/** Returns the translate function; throws outside `MediaDictionary`. */
export const useMediaDictionary = media.use;

const people = createDictionary<typeof english.people>(
  import.meta.glob<Translation<typeof english.people>>('./languages/*.ts', {
    query: '?part=people',
    import: 'people',
  }),
);

/** Provides the messages for the account, invitation and admin pages. */
export const PeopleDictionary = people.Provider;

/** Loads the messages before they are needed. */
export const loadPeopleDictionary = people.load;

/** Returns the translate function; throws outside `PeopleDictionary`. */
export const usePeopleDictionary = people.use;

const upload = createDictionary<typeof english.upload>(
  import.meta.glob<Translation<typeof english.upload>>('./languages/*.ts', {
    query: '?part=upload',
    import: 'upload',
  }),
);

/** Provides the messages for uploads, sharing to the app, and releases. */
export const UploadDictionary = upload.Provider;

/** Loads the messages before they are needed. */
export const loadUploadDictionary = upload.load;

/** Returns the translate function; throws outside `UploadDictionary`. */
export const useUploadDictionary = upload.use;

const sharing = createDictionary<typeof english.sharing>(
  import.meta.glob<Translation<typeof english.sharing>>('./languages/*.ts', {
    query: '?part=sharing',
    import: 'sharing',
  }),
);

export type SharingMessage = keyof typeof english.sharing;

/** Provides the messages for copying, sharing and favourites. */
export const SharingDictionary = sharing.Provider;

/** Loads the messages before they are needed. */
export const loadSharingDictionary = sharing.load;

/** Returns the translate function; throws outside `SharingDictionary`. */
export const useSharingDictionary = sharing.use;

const trash = createDictionary<typeof english.trash>(
  import.meta.glob<Translation<typeof english.trash>>('./languages/*.ts', {
    query: '?part=trash',
    import: 'trash',
  }),
);

/** Provides the messages for deletion for good, and for new addresses of files. */
export const TrashDictionary = trash.Provider;

/** Loads the messages before they are needed. */
export const loadTrashDictionary = trash.load;

/** Returns the translate function; throws outside `TrashDictionary`. */
export const useTrashDictionary = trash.use;

const collections = createDictionary<typeof english.collections>(
  import.meta.glob<Translation<typeof english.collections>>('./languages/*.ts', {
    query: '?part=collections',
    import: 'collections',
  }),
);

/** Provides the messages for collections. */
export const CollectionsDictionary = collections.Provider;

/** Loads the messages before they are needed. */
export const loadCollectionsDictionary = collections.load;

/** Returns the translate function; throws outside `CollectionsDictionary`. */
export const useCollectionsDictionary = collections.use;
