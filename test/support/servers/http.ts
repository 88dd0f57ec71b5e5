import { mediaItem, mediaList, type MediaItem, type MediaList } from '../../../app/media/media.schema.ts';

/** A user of a real server, over real HTTP, with the session cookie of a new account. */
export interface Person {
  /** The `Cookie` header that a browser would send. */
  cookie: string;
  upload(file: Blob, name: string): Promise<MediaItem>;
  item(id: string): Promise<MediaItem>;
  search(q: string): Promise<MediaList>;
  remove(id: string): Promise<void>;
}

/** The setup code that tests give to a server in production. */
export const SETUP_CODE = 'a code of the test';

/** Creates the first account of the server at `url`, in production with {@link SETUP_CODE}. */
export async function register(url: string): Promise<Person> {
  const response = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'Aino', password: 'correct horse battery', setupCode: SETUP_CODE }),
  });
  if (response.status !== 201) throw new Error(`registration failed: ${await response.text()}`);
  return person(url, response.headers.getSetCookie()[0]?.split(';')[0] ?? '');
}

function person(url: string, cookie: string): Person {
  const call = async (path: string, init: RequestInit, status: number): Promise<unknown> => {
    const response = await fetch(url + path, { ...init, headers: { origin: url, cookie } });
    if (response.status !== status) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  return {
    cookie,
    async upload(file, name) {
      const body = new FormData();
      body.set('file', file, name);
      return mediaItem.parse(await call('/api/media', { method: 'POST', body }, 201));
    },
    item: async (id) => mediaItem.parse(await call(`/api/media/${id}`, {}, 200)),
    search: async (q) => mediaList.parse(await call(`/api/media?${new URLSearchParams({ q })}`, {}, 200)),
    remove: async (id) => void (await call(`/api/media/${id}`, { method: 'DELETE' }, 204)),
  };
}
