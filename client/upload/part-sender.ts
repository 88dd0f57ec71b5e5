import { api, succeed, unwrap } from '../api/client.ts';
import { sendBody } from '../api/upload-request.ts';
import { createPartSender } from './parts.model.ts';

/** The version of tus: https://tus.io/protocols/resumable-upload */
const TUS = { 'Tus-Resumable': '1.0.0' } as const;

/** Sends large files in parts, by tus 1.0. */
export const partSender = createPartSender({
  open({ file, sha256, metadata: { title, tags } }, signal) {
    const words = { filename: file.name, sha256, title, tags: tags.join(',') };
    const headers = {
      ...TUS,
      'Upload-Length': String(file.size),
      'Upload-Metadata': Object.entries(words)
        .map(([key, value]) => `${key} ${toBase64(value)}`)
        .join(','),
    };
    return unwrap(api.uploads.$post({}, { init: { headers, signal } }));
  },

  async send({ id, at, bytes }, onProgress, signal) {
    const { status, responseText } = await sendBody(
      {
        method: 'PATCH',
        address: `/api/uploads/${id}`,
        headers: { ...TUS, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(at) },
        body: bytes,
        accepts: [201, 204],
      },
      ({ loaded }) => onProgress(loaded),
      signal,
    );
    return status === 201 ? JSON.parse(responseText) : null;
  },

  async remove(id) {
    await succeed(api.uploads[':id'].$delete({ param: { id } }, { init: { headers: TUS } }));
  },
});

/** Converts a text to base64 of its UTF-8. */
const toBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
