import { Hono } from 'hono';
import pino from 'pino';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { AppEnv } from '../../../app/http/env.ts';
import { requestLog } from '../../../app/http/request-log.ts';

it('logs paths without the codes that open something', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const app = new Hono<AppEnv>().use(requestLog(logger)).all('*', (c) => c.text(''));
  const code = 'Xx3-_0123456789abcdefg';
  const paths = {
    [`/s/${code}`]: '/s/…',
    [`/s/${code}/file/0`]: '/s/…/file/0',
    [`/s/${code}/card.jpg?x=${code}`]: '/s/…/card.jpg',
    [`/api/shares/${code}`]: '/api/shares/…',
    [`/api/oembed?url=http%3A%2F%2Fx%2Fs%2F${code}`]: '/api/oembed',
    // These name no share, but a person may mistype an address so.
    [`//x/../s/${code}`]: '/s/…',
    [`/s//${code}`]: '/s/…',
    [`/S/${code}`]: '/S/…',
    [`/api//shares/${code}`]: '/api//shares/…',
    [`/join/${code}`]: '/join/…',
    [`/reset/${code}`]: '/reset/…',
    '/search/x': '/search/x',
  };
  for (const [path, logged] of Object.entries(paths)) {
    await app.request(path);
    expect(lines.at(-1)).toContain(`"path":"${logged}"`);
  }
  expect(lines.join('\n')).not.toContain(code);
});

it('logs as an error only what is a fault of ours', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const app = new Hono<AppEnv>()
    .use(requestLog(logger))
    .all('/:status', (c) => new Response(null, { status: Number(c.req.param('status')) }));
  const levelOf = async (status: number) => {
    await app.request(`/${status}`);
    return z.object({ level: z.number() }).parse(JSON.parse(lines.at(-1) ?? '')).level;
  };
  for (const status of [200, 404, 429, 501]) expect([status, await levelOf(status)]).toEqual([status, 20]);
  for (const status of [500, 503]) expect([status, await levelOf(status)]).toEqual([status, 50]);
});
