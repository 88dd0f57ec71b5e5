import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { meResponse, user } from '../../../app/auth/auth.schema.ts';
import { fetchItem } from '../../../app/fetches/fetches.schema.ts';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { madeToken } from '../../../app/tokens/tokens.schema.ts';
import { resumableUpload } from '../../../app/resumable/resumable.schema.ts';
import { noisePng } from '../../support/media/noise.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../support/servers/app.ts';
import { listening, type Listening } from '../../support/servers/listening.ts';

// Runs the curl commands of docs/api.md against a server.

const run = promisify(execFile);

/** The commands of the page: the indented blocks that begin with `curl`. */
async function examples(): Promise<string[]> {
  const page = await readFile(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
  const blocks = page.match(/(?:^ {4}.*\n)+/gm) ?? [];
  return blocks.map((block) => block.replaceAll(/^ {4}/gm, '').trim()).filter((text) => /^curl\b/.test(text));
}

let app: TestApp;
let server: Listening;
let folder: string;
beforeAll(async () => {
  // Without PUBLIC_URL the origin is that of the request, whatever the port.
  app = await createTestApp({ OCR: 'off', PUBLIC_URL: '' });
  await app.admin();
  server = await listening(app.fetch);
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-examples-'));
  await writeFile(join(folder, 'meme.png'), Buffer.from(await (await picture()).arrayBuffer()));
  await writeFile(join(folder, 'large.png'), await noisePng(600));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  await app[Symbol.asyncDispose]();
});

it('does what the page about the API says', async () => {
  const commands = await examples();
  const variables: Record<string, string> = { SITE: server.url, USERNAME: 'Aino', PASSWORD };
  /** Runs the only command that has this in it. */
  const answer = async (part: string): Promise<unknown> => {
    const found = commands.filter((command) => command.includes(part));
    expect([part, found.length]).toEqual([part, 1]);
    commands.splice(commands.indexOf(found[0] ?? ''), 1);
    const env = { PATH: process.env['PATH'], ...variables };
    const { stdout } = await run(
      'sh',
      ['-euc', `curl() { command curl -sS --fail-with-body "$@"; }\n${found[0]}`],
      {
        cwd: folder,
        env,
      },
    );
    return JSON.parse(stdout);
  };

  expect(user.parse(await answer('/api/auth/login')).username).toBe('Aino');
  const { token, item: made } = madeToken.parse(await answer('/api/tokens'));
  expect(made.scopes).toEqual(['read', 'upload', 'edit']);
  variables['TOKEN'] = token;
  expect(meResponse.parse(await answer('/api/auth/me')).user?.username).toBe('Aino');

  const { id, title, tags } = mediaItem.parse(await answer('-F "file=@meme.png"'));
  expect([title, tags.toSorted()]).toEqual(['Monday again', ['koira', 'maanantai']]);
  variables['ID'] = id;
  const queued = fetchItem.parse(await answer('-d "{\\"url\\"'));
  expect([queued.state, queued.url]).toEqual(['queued', 'https://example.com/meme.png']);
  variables['FETCH'] = queued.id;
  expect(fetchItem.parse(await answer('$FETCH'))).toEqual(queued);
  const ids = (list: unknown) => mediaList.parse(list).items.map((item) => item.id);
  expect(ids(await answer('limit=10'))).toEqual([id]);
  expect(ids(await answer('type:image'))).toEqual([id]);

  const other = await picture();
  const second = app.visitor();
  await second.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
  expect((await second.upload(other, 'other.png')).status).toBe(201);
  const first = mediaList.parse(await (await second.request('/api/media?limit=1')).json());
  variables['CURSOR'] = first.nextCursor ?? '';
  expect(ids(await answer('cursor='))).toEqual([id]);

  const { share: lasting } = shareAnswer.parse(await answer('/api/shares/link'));
  expect(lasting.expiresAt).toBeNull();
  const { share } = shareAnswer.parse(await answer('/api/shares'));
  expect([share.items[0]?.id, share.expiresAt === null]).toEqual([id, false]);
  expect((await fetch(share.url)).status).toBe(200);
  const [picked] = mediaList.parse(await answer('include=share')).items;
  expect([picked?.id, picked?.share?.url]).toEqual([id, lasting.url]);
  expect((await fetch(picked?.share?.preview?.url ?? '')).headers.get('content-type')).toBe('image/jpeg');

  variables['UPLOAD'] = resumableUpload.parse(await answer('Upload-Length')).id;
  expect(mediaItem.parse(await answer('Upload-Offset: 0')).originalName).toBe('large.png');
  expect(commands, 'commands that no test runs').toEqual([]);
});
