import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer, shareList } from '../../../app/shares/shares.schema.ts';
import { animation, picture } from '../../support/media/pictures.ts';
import { botApi, type BotApi } from '../../support/servers/bot-api.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { listening, type Listening } from '../../support/servers/listening.ts';
import { makeToken } from '../../support/servers/tokens.ts';

// Runs the very file of docs/examples against a server and a stand-in of the Bot API.

const FILE = join(import.meta.dirname, '../../../docs/examples/telegram-bot.mjs');
const [FRIEND, STRANGER] = [1111, 3333];

let app: TestApp;
let aino: Visitor;
let server: Listening;
let telegram: BotApi;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off', PUBLIC_URL: '' });
  aino = await app.admin();
  server = await listening(app.fetch);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

/** Starts the bot; `telegram` is its Bot API. */
async function startBot(token: string, env: Record<string, string> = {}) {
  telegram = await botApi('123:abc');
  const child = spawn(process.execPath, [FILE], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: {
      SITE: server.url,
      TOKEN: token,
      TELEGRAM_TOKEN: '123:abc',
      TELEGRAM_USERS: `2222,${FRIEND}`,
      TELEGRAM_API: telegram.url,
      ...env,
    },
  });
  let printed = '';
  const complained = new Promise<void>((done) => {
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('\n')) done();
    });
  });
  return {
    /** Resolves with everything that the bot has printed, once that is a line. */
    complaint: () => complained.then(() => printed),
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
      await telegram[Symbol.asyncDispose]();
    },
  };
}

async function upload(title: string, file?: Blob): Promise<string> {
  const answer = await aino.upload(file ?? (await picture('png', { width: 640, height: 480 })), 'a.bin', {
    title,
  });
  return mediaItem.parse(await answer.json()).id;
}

const link = async (itemId: string): Promise<string> =>
  shareAnswer.parse(await (await aino.send('POST', '/api/shares/link', { itemId })).json()).share.code;

const shared = async () =>
  shareList.parse(await (await aino.request('/api/shares')).json()).shares.map(({ items }) => items[0]?.id);

it('takes at most 80 lines', async () => {
  expect((await readFile(FILE, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(80);
});

describe('the Telegram bot', () => {
  it('offers what its user shares, by addresses that work for everybody', async () => {
    const [picked, moving] = [
      await upload('pomeranian kuvassa'),
      await upload('pomeranian liikkuu', await animation(3, 64)),
    ];
    await upload('pomeranian salassa');
    const codes = [await link(picked), await link(moving)];
    await using _bot = await startBot((await makeToken(aino, ['read'])).token);

    const results = await telegram.ask(' pomeranian ', FRIEND);
    expect(results.toSorted((a, b) => b.type.localeCompare(a.type))).toEqual([
      {
        type: 'photo',
        id: picked,
        title: 'pomeranian kuvassa',
        photo_url: `${server.url}/s/${codes[0]}/card.jpg`,
        thumbnail_url: `${server.url}/s/${codes[0]}/card.jpg`,
        photo_width: 640,
        photo_height: 480,
      },
      {
        type: 'article',
        id: moving,
        title: 'pomeranian liikkuu',
        input_message_content: { message_text: `${server.url}/s/${codes[1]}` },
        thumbnail_url: `${server.url}/s/${codes[1]}/card.jpg`,
      },
    ]);
    const preview = await fetch(`${server.url}/s/${codes[0]}/card.jpg`);
    expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    await preview.body?.cancel();
    expect(await telegram.ask('bulldog', FRIEND)).toEqual([]);
  });

  it('answers nothing to people who are not listed', async () => {
    await link(await upload('pinseri'));
    await using _bot = await startBot((await makeToken(aino, ['read'])).token);
    expect(await telegram.ask('pinseri', STRANGER)).toEqual([]);
    expect(await telegram.ask('pinseri', FRIEND)).toHaveLength(1);
  });

  it('shares what a search finds, if it is told to and the token may', async () => {
    const id = await upload('dobermanni');
    await using _bot = await startBot((await makeToken(aino, ['read', 'edit'])).token, { SHARE: 'found' });
    await telegram.ask('do', FRIEND);
    expect(await shared()).not.toContain(id);
    const results = await telegram.ask('dobermanni', FRIEND);
    expect(results.map((one) => one.id)).toEqual([id]);
    expect(await shared()).toContain(id);
  });

  it('says why the folder refused, without its secrets', async () => {
    const token = `mmk_${'0'.repeat(38)}`;
    await using bot = await startBot(token);
    void telegram.ask('koira', FRIEND);
    const said = await bot.complaint();
    expect(said).toMatch(/^\/api\/media\S* answered 401 token_invalid\n$/);
    expect(said).not.toContain(token);
  });
});
