import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type StageName } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

// No job runs here: the tests set the states of stages.

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

const upload = async (title: string) =>
  mediaItem.parse(await (await aino.upload(await picture(), 'meme.png', { title })).json()).id;

const share = async (...itemIds: string[]) =>
  shareAnswer.parse(await (await aino.send('POST', '/api/shares', { itemIds })).json()).share.code;

/** Puts a stage of an item into a state; the item has nothing of what the stage makes. */
async function setStage(id: string, stage: StageName, state: 'pending' | 'failed'): Promise<void> {
  await app.deps.db
    .insertInto('media_stages')
    .values({ media_id: id, stage, state, token: randomUUID() })
    .onConflict((conflict) => conflict.columns(['media_id', 'stage']).doUpdateSet({ state }))
    .execute();
  await app.deps.db.updateTable('media').set({ thumb_key: null }).where('id', '=', id).execute();
}

const setVideo = (id: string) =>
  app.deps.db
    .updateTable('media')
    .set({ kind: 'video', mime: 'video/quicktime' })
    .where('id', '=', id)
    .execute();

const open = async (path: string, language = 'en') => {
  const response = await app.visitor().request(path, { headers: { 'accept-language': language } });
  expect(response.status).toBe(200);
  return response.text();
};

/** Reads how a page loads itself again. */
function reloadOf(page: string) {
  const [, seconds, address = ''] =
    /<meta http-equiv="refresh" content="(\d+);url=([^"]+)">/.exec(page) ?? [];
  return seconds === undefined ? null : { seconds: Number(seconds), path: address.slice(ORIGIN.length) };
}

describe('a gallery', () => {
  it('says of a thumbnail that could not be made, and waits for none', async () => {
    const [one, two] = [await upload('Eka'), await upload('Toka')];
    const code = await share(one, two);
    await setStage(two, 'thumbnail', 'failed');
    const page = await open(`/s/${code}`);
    expect(reloadOf(page)).toBeNull();
    expect(page).toContain('<div class="none soft">No preview</div><span>Toka</span>');
    expect(page.match(/<img/g)).toHaveLength(1);
    expect(await open(`/s/${code}`, 'fi')).toContain('>Ei esikatselua<');
  });

  it('waits for a thumbnail that is being made', async () => {
    const [one, two] = [await upload('Eka'), await upload('Toka')];
    const code = await share(one, two);
    await setStage(two, 'thumbnail', 'pending');
    const page = await open(`/s/${code}`);
    expect(reloadOf(page)).toEqual({ seconds: 5, path: `/s/${code}?wait=1` });
    expect(page).toContain('<div class="none soft">Being processed</div><span>Toka</span>');
    expect(await open(`/s/${code}`, 'fi')).toContain('>Käsitellään<');
  });
});

describe('a page that waits', () => {
  it('loads itself again after growing pauses, and stops', async () => {
    const [id, other] = [await upload('Video'), await upload('Kuva')];
    await setVideo(id);
    await setStage(id, 'playback', 'pending');
    for (const path of [`/s/${await share(id)}`, `/s/${await share(other, id)}/1`]) {
      const pauses: number[] = [];
      let page = await open(path);
      // A page that reloads for ever fails by its number.
      for (let next = reloadOf(page); next && pauses.length < 100; next = reloadOf(page)) {
        expect(page).toContain('The page shows it as soon as it is ready.');
        expect(next.path).toBe(`${path}?wait=${pauses.length + 1}`);
        pauses.push(next.seconds);
        page = await open(next.path);
      }
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
      expect(pauses.slice(0, 4)).toEqual([5, 7, 8, 11]);
      expect(pauses).toHaveLength(20);
      expect(pauses.reduce((sum, one) => sum + one, 0)).toBeLessThan(3600);
      expect(page).toContain('This is still being processed. Load the page again later.');
      expect(await open(`${path}?wait=20`, 'fi')).toContain('Lataa sivu myöhemmin uudelleen.');
    }
  });

  it('takes any number of reloads that somebody writes into its address', async () => {
    const id = await upload('Video');
    await setVideo(id);
    await setStage(id, 'playback', 'pending');
    const code = await share(id);
    for (const wait of ['', 'x', '-1', '1e9', '00000', '%00', '0'])
      expect([wait, reloadOf(await open(`/s/${code}?wait=${wait}`))?.seconds]).toEqual([wait, 5]);
    for (const wait of ['20', '999']) expect(reloadOf(await open(`/s/${code}?wait=${wait}`))).toBeNull();
  });

  it('shows the original when no version for all browsers could be made', async () => {
    const id = await upload('Video');
    await setVideo(id);
    await setStage(id, 'playback', 'failed');
    const page = await open(`/s/${await share(id)}`);
    expect(reloadOf(page)).toBeNull();
    expect(page).toContain('<video src=');
  });
});
