import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_TITLE_UNITS } from '../../../app/media/media.limits.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { CRAWLERS } from '../../support/servers/crawlers.ts';
import { picture } from '../../support/media/pictures.ts';

/** Some crawlers read only the beginning of a page. */
const MAX_BYTES = 10_000;
/** The longest name, in the largest characters that a name can have. */
const NAME = '𒀀'.repeat(32);
const LANGUAGES = ['fi', 'en'] as const;

let app: TestApp;
let sharer: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  sharer = app.visitor();
  const response = await sharer.send('POST', '/api/auth/register', { username: NAME, password: PASSWORD });
  expect(response.status).toBe(201);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Repeats `part` up to the limit of a title or a text. */
const fill = (part: string, units: number) => part.repeat(Math.floor(units / part.length));

const PARTS = {
  'quotation marks': '"',
  'quotation marks in words': '"" ',
  ampersands: '&',
  tags: '<b>\'"&',
  emoji: '😀',
  families: '👨‍👩‍👧‍👦',
  Finnish: 'Äiti söi öylättejä ',
  Chinese: '汉',
};

async function upload(title: string, text: string): Promise<string> {
  const file = await picture();
  const { id } = mediaItem.parse(await (await sharer.upload(file, 'meme.png', { title })).json());
  expect((await sharer.send('PATCH', `/api/media/${id}`, { text })).status).toBe(200);
  return id;
}

/** Turns an item into a finished video, the kind with the most tags. */
const setVideo = (id: string) =>
  app.deps.db
    .updateTable('media')
    .set({ kind: 'video', mime: 'video/mp4', poster_key: `${id}.webp` })
    .where('id', '=', id)
    .execute();

async function share(itemIds: string[]): Promise<string> {
  const response = await sharer.send('POST', '/api/shares', { itemIds, showSharer: true });
  return `/s/${shareAnswer.parse(await response.json()).share.code}`;
}

async function sizes(path: string, language: string) {
  const response = await sharer.request(path, {
    headers: { 'accept-language': language, 'user-agent': CRAWLERS.WhatsApp },
  });
  const page = await response.text();
  expect(page).toContain(NAME);
  const before = page.slice(0, page.search(/<(img|video)\b/));
  return { page: Buffer.byteLength(page), before: Buffer.byteLength(before) };
}

describe.each(Object.entries(PARTS))('with %s', (_name, part) => {
  it.each([
    ['no text', ''],
    ['a long text', fill(part, 1000)],
  ])('and %s, a page of one item takes at most 10 kB', async (_text, text) => {
    const [id, video] = [await upload(fill(part, MAX_TITLE_UNITS), text), await upload(part, text)];
    const title = fill(part, MAX_TITLE_UNITS);
    expect((await sharer.send('PATCH', `/api/media/${video}`, { title })).status).toBe(200);
    await setVideo(video);
    const gallery = await share([id, video, await upload('Kolmas', '')]);
    for (const path of [await share([id]), await share([video]), `${gallery}/0`, `${gallery}/1`])
      for (const language of LANGUAGES)
        expect((await sizes(path, language)).page).toBeLessThanOrEqual(MAX_BYTES);
    for (const language of LANGUAGES)
      expect((await sizes(gallery, language)).before).toBeLessThanOrEqual(MAX_BYTES);
  });
});
