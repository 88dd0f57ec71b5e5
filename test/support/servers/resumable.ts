import { resumableUpload, type ResumableUpload } from '../../../app/resumable/resumable.schema.ts';

/** Sends a request of a user, as `Visitor.request` does. */
export type Ask = (path: string, init: RequestInit) => Promise<Response>;

export const TUS = { 'tus-resumable': '1.0.0' };
export const OFFSET_STREAM = 'application/offset+octet-stream';

/** Writes the header `Upload-Metadata`. */
export const metadataOf = (words: Readonly<Record<string, string>>): string =>
  Object.entries(words)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** Asks for a new upload. */
export const ask = (by: Ask, byteSize: number | string, words: Readonly<Record<string, string>> = {}) =>
  by('/api/uploads', {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(byteSize), 'upload-metadata': metadataOf(words) },
  });

/** Begins an upload, or finds the same one. */
export async function begin(
  by: Ask,
  byteSize: number,
  words: Readonly<Record<string, string>> = {},
): Promise<ResumableUpload & { path: string }> {
  const upload = resumableUpload.parse(await (await ask(by, byteSize, words)).json());
  return { ...upload, path: `/api/uploads/${upload.id}` };
}

/** Sends bytes from a place on. */
export const sendAt = (by: Ask, path: string, offset: number | string, bytes: Uint8Array) =>
  by(path, {
    method: 'PATCH',
    headers: { ...TUS, 'content-type': OFFSET_STREAM, 'upload-offset': String(offset) },
    body: Uint8Array.from(bytes),
  });

/** Sends a file from a place to its end, in parts of `step` bytes. Returns the last answer. */
export async function sendRest(
  by: Ask,
  path: string,
  file: Uint8Array,
  { from = 0, step = file.length }: { from?: number; step?: number } = {},
): Promise<Response> {
  for (let at = from; ; at += step) {
    const answer = await sendAt(by, path, at, file.subarray(at, at + step));
    if (answer.status !== 204 || at + step >= file.length) return answer;
  }
}

export const stop = (by: Ask, path: string) => by(path, { method: 'DELETE', headers: TUS });
