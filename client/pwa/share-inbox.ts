import { INBOX } from './caches.ts';

/** What came through the share sheet; kept until it is in the folder, also while nobody is signed in. */
export interface Shared {
  title: string;
  text: string;
  url: string;
}

/** A shared file with the key it is kept under. */
export interface KeptFile extends Shared {
  key: string;
  file: File;
}

const NAME = 'x-name';
const ABOUT = 'x-about';
const FILES = '/inbox/file/';
const WORDS = '/inbox/words';

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** The files of a share form, and what was said with them. */
export function readShareForm(form: FormData): { files: File[]; about: Shared } {
  return {
    files: form
      .getAll('files')
      .filter((value) => typeof value !== 'string')
      .filter((file) => file.size > 0),
    about: { title: text(form, 'title'), text: text(form, 'text'), url: text(form, 'url') },
  };
}

/** Keeps what was shared. Throws a `QuotaExceededError` when the device is full; nothing of it is kept then. */
export async function keepShared(files: readonly File[], about: Shared): Promise<void> {
  const cache = await caches.open(INBOX);
  const json = encodeURIComponent(JSON.stringify(about));
  const kept: string[] = [];
  try {
    for (const file of files) {
      const key = FILES + crypto.randomUUID();
      kept.push(key);
      const headers = {
        [NAME]: encodeURIComponent(file.name),
        [ABOUT]: json,
        'content-type': file.type || 'application/octet-stream',
      };
      await cache.put(key, new Response(file, { headers }));
    }
    if (files.length === 0) await cache.put(WORDS, new Response(null, { headers: { [ABOUT]: json } }));
  } catch (thrown) {
    for (const key of kept) await cache.delete(key);
    throw thrown;
  }
}

/** Everything that waits, the oldest first. Words without a file are given once. */
export async function readInbox(): Promise<{ files: KeptFile[]; words: Shared | null }> {
  if (!(await caches.has(INBOX))) return { files: [], words: null };
  const cache = await caches.open(INBOX);
  const files: KeptFile[] = [];
  let words: Shared | null = null;
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    if (!response) continue;
    const about = parseAbout(response.headers.get(ABOUT));
    const { pathname } = new URL(request.url);
    if (pathname === WORDS) {
      words = about;
      await cache.delete(request);
      continue;
    }
    const content = await response.blob();
    const name = decodeURIComponent(response.headers.get(NAME) ?? '');
    files.push({
      ...about,
      key: pathname,
      file: new File([content], name || 'shared', { type: response.headers.get('content-type') ?? '' }),
    });
  }
  return { files, words };
}

/** Takes a file out, once it is in the folder or nobody wants it there. */
export async function dropFromInbox(key: string): Promise<void> {
  await (await caches.open(INBOX)).delete(key);
}

function parseAbout(header: string | null): Shared {
  const value: unknown = header === null ? {} : JSON.parse(decodeURIComponent(header));
  const of = (key: string): string => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    return typeof found === 'string' ? found : '';
  };
  return { title: of('title'), text: of('text'), url: of('url') };
}
