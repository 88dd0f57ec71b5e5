import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../../app/app.ts';
import { sharexUploader } from '../../../app/tokens/sharex.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { makeToken } from '../../support/servers/tokens.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

/** The parts of a `.sxcu` file that ShareX needs for an upload. */
const file = z.object({
  DestinationType: z.literal('ImageUploader, FileUploader'),
  RequestMethod: z.literal('POST'),
  RequestURL: z.url(),
  Headers: z.record(z.string(), z.string()),
  Body: z.literal('MultipartFormData'),
  FileFormName: z.string(),
  URL: z.string(),
  ErrorMessage: z.string(),
});

/** Fills `{json:name}` in a text of the file, as ShareX does. */
const fill = (text: string, answer: Record<string, unknown>) =>
  text.replaceAll(/\{json:(\w+)\}/g, (_, name: string) => String(answer[name]));

/** Sends what ShareX sends: no cookie and no Origin. */
async function upload(text: string, picture: Blob) {
  const uploader = file.parse(JSON.parse(text));
  const body = new FormData();
  body.set(uploader.FileFormName, picture, 'screenshot.png');
  const { RequestURL, RequestMethod: method, Headers: headers } = uploader;
  const response = await createApp(app.deps).request(RequestURL, { method, headers, body });
  const answer = z.record(z.string(), z.unknown()).parse(await response.json());
  return {
    status: response.status,
    url: fill(uploader.URL, answer),
    error: fill(uploader.ErrorMessage, answer),
  };
}

it('lets ShareX add a file and copy its address, or show why not', async () => {
  const { sharex, item } = await makeToken(aino, ['upload']);
  const screenshot = await picture();
  const added = await upload(sharex ?? '', screenshot);
  expect([added.status, added.url.startsWith(`${ORIGIN}/`)]).toEqual([201, true]);
  const shown = await createApp(app.deps).request(added.url);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);

  const again = await upload(sharex ?? '', screenshot);
  expect([again.status, again.error]).toEqual([409, expect.stringMatching(/^\w.*\.$/)]);
  await aino.send('DELETE', `/api/tokens/${item.id}`);
  const refused = await upload(sharex ?? '', screenshot);
  expect([refused.status, refused.error]).toEqual([401, expect.stringContaining('revoked')]);
});

it('is for tokens that may upload', async () => {
  expect((await makeToken(aino, ['read', 'edit'])).sharex).toBeNull();
});

it('takes the address of the bucket as it is', () => {
  const text = sharexUploader({ site: ORIGIN, token: 'mmk_x', hasPaths: false });
  expect(fill(file.parse(JSON.parse(text)).URL, { url: 'https://bucket.test/a.png' })).toBe(
    'https://bucket.test/a.png',
  );
});
