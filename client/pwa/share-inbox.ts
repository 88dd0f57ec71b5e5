import { INBOX_CACHE } from './caches.ts';

/** Content from the share sheet, stored until uploaded, even while signed out. */
export interface SharedContent {
  title: string;
  text: string;
  url: string;
}

/** A shared file with its storage key. */
export interface StoredFile extends SharedContent {
  key: string;
  file: File;
}

const NAME_HEADER = 'x-name';
const METADATA_HEADER = 'x-about';
const FILE_PREFIX = '/inbox/file/';
const TEXT_PATH = '/inbox/words';

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** Reads the files and the metadata of a share form. */
export function readShareForm(form: FormData): { files: File[]; about: SharedContent } {
  return {
    files: form
      .getAll('files')
      .filter((value) => typeof value !== 'string')
      .filter((file) => file.size > 0),
    about: { title: text(form, 'title'), text: text(form, 'text'), url: text(form, 'url') },
  };
}

/**
 * Stores shared content. Throws a `QuotaExceededError` if the device is full; nothing is stored
 * then.
 */
export async function storeShared(files: readonly File[], about: SharedContent): Promise<void> {
  const cache = await caches.open(INBOX_CACHE);
  const json = encodeURIComponent(JSON.stringify(about));
  const kept: string[] = [];
  try {
    for (const file of files) {
      const key = FILE_PREFIX + crypto.randomUUID();
      kept.push(key);
      const headers = {
        [NAME_HEADER]: encodeURIComponent(file.name),
        [METADATA_HEADER]: json,
        'content-type': file.type || 'application/octet-stream',
      };
      await cache.put(key, new Response(file, { headers }));
    }
    if (files.length === 0)
      await cache.put(TEXT_PATH, new Response(null, { headers: { [METADATA_HEADER]: json } }));
  } catch (thrown) {
    for (const key of kept) await cache.delete(key);
    throw thrown;
  }
}

/** Reads all stored content, oldest first. Text without a file is returned once. */
export async function readInbox(): Promise<{ files: StoredFile[]; words: SharedContent | null }> {
  if (!(await caches.has(INBOX_CACHE))) return { files: [], words: null };
  const cache = await caches.open(INBOX_CACHE);
  const files: StoredFile[] = [];
  let words: SharedContent | null = null;
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    if (!response) continue;
    const about = parseAbout(response.headers.get(METADATA_HEADER));
    const { pathname } = new URL(request.url);
    if (pathname === TEXT_PATH) {
      words = about;
      await cache.delete(request);
      continue;
    }
    const content = await response.blob();
    const name = decodeURIComponent(response.headers.get(NAME_HEADER) ?? '');
    files.push({
      ...about,
      key: pathname,
      file: new File([content], name || 'shared', { type: response.headers.get('content-type') ?? '' }),
    });
  }
  return { files, words };
}

/** Deletes a file after its upload or its rejection. */
export async function deleteFromInbox(key: string): Promise<void> {
  await (await caches.open(INBOX_CACHE)).delete(key);
}

function parseAbout(header: string | null): SharedContent {
  const value: unknown = header === null ? {} : JSON.parse(decodeURIComponent(header));
  const of = (key: string): string => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    return typeof found === 'string' ? found : '';
  };
  return { title: of('title'), text: of('text'), url: of('url') };
}
