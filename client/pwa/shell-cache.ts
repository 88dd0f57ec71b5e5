/** Files of a release, as the build lists them. */
export interface BuiltShell extends Omit<Shell, 'first'> {
  /** By language, two letters. */
  first: Record<string, readonly string[]>;
}

/** Files of a release: those that a start needs, and all. */
export interface Shell {
  release: string;
  /** Paths that a start without a connection needs. */
  first: readonly string[];
  /** All paths, those of `first` included. */
  files: readonly string[];
}

/** The used part of a browser's cache. */
export type ShellStore = Pick<Cache, 'match' | 'put'>;

interface Access {
  /** Opens the cache of this release. */
  open: () => Promise<ShellStore>;
  /** Finds a file in the cache of any release. */
  findAnywhere: (path: string) => Promise<Response | undefined>;
  fetch: (request: Request) => Promise<Response>;
  /** Origin of the app. */
  origin: string;
}

/** A page's request to the service worker: to cache some paths, or the whole release. */
export interface KeepMessage {
  keep: readonly string[] | 'all';
}

/** Files here have a hash in their name, so that they never change. */
const HASHED_FOLDER = '/assets/';

/**
 * The cached files of a release. A first visit caches only those that it has loaded, which come
 * from the browser's HTTP cache. Later visits cache the rest.
 */
export function createShellCache(shell: Shell, { open, findAnywhere, fetch, origin }: Access) {
  const all = new Set(shell.files);

  /** Takes a file of an earlier release, else of the browser's HTTP cache, else of the server. */
  async function obtain(path: string): Promise<Response> {
    const hashed = path.startsWith(HASHED_FOLDER);
    const known = hashed ? await findAnywhere(path) : undefined;
    if (known) return known;
    const response = await fetch(
      new Request(new URL(path, origin), { cache: hashed ? 'default' : 'no-cache' }),
    );
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return response;
  }

  const cache = {
    /** Whether this release has the file. */
    has: (path: string): boolean => all.has(path),

    /** Returns the cached file. */
    get: async (path: string): Promise<Response | undefined> =>
      (await open()).match(path, { ignoreVary: true }),

    /** Caches a fetched file. */
    async put(path: string, response: Response): Promise<void> {
      if (response.ok && all.has(path)) await (await open()).put(path, response);
    },

    /** Caches anew what a start needs. */
    async install(): Promise<void> {
      const store = await open();
      await Promise.all(shell.first.map(async (path) => store.put(path, await obtain(path))));
    },

    /** Caches files one after the other, so that they do not compete with the page. */
    async keep(paths: readonly string[]): Promise<void> {
      const store = await open();
      for (const path of paths)
        if (!(await store.match(path, { ignoreVary: true }))) await store.put(path, await obtain(path));
    },

    /** Returns the paths of this release that a message of a page names. */
    named(message: unknown): readonly string[] {
      if (typeof message !== 'object' || message === null || !('keep' in message)) return [];
      if (message.keep === 'all') return shell.files;
      if (!Array.isArray(message.keep)) return [];
      return message.keep.filter((path): path is string => typeof path === 'string' && all.has(path));
    },
  };
  return cache;
}
