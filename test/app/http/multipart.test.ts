import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppEnv } from '../../../app/http/env.ts';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { AppError, renderError } from '../../../app/http/errors.ts';
import { openForm } from '../../../app/http/multipart.ts';
import { spool } from '../../../app/media/spool.ts';
import { createReceiveBudget } from '../../../app/http/receive-budget.ts';
import { requestLog } from '../../../app/http/request-log.ts';
import { createLogger } from '../../../app/logger.ts';
import { randomFrom } from '../../support/media/random.ts';
import { BOUNDARY, FILE_PART, FORM_END, partHead } from '../../support/servers/listening.ts';

const ROUNDS = 600;
const SEED = Math.floor(Math.random() * 2 ** 31);

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meemikansio-forms-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a form of any bytes, in any pieces', () => {
  it(`is taken or refused, and leaves nothing (seed ${SEED})`, async () => {
    const budget = createReceiveBudget({
      capacity: 200_000,
      contended: { windowMs: 600_000, minBytes: 0 },
    });
    const app = new Hono<AppEnv>()
      .onError(renderError)
      .use(requestLog(createLogger('silent', false)))
      .post('/', async (c) => {
        using share = budget.open('aino', 100_000);
        const form = await openForm(c, { share, maxBytes: 100_000 });
        await using file = await spool(form, directory, (head) => {
          if (head[0] === 0) throw new AppError('unsupported_type', 'No.');
          return 'png';
        });
        return c.json({ byteSize: file.byteSize });
      });
    const below = randomFrom(SEED);
    const whole = Buffer.from(
      `${partHead('; name="title"')}otsikko\r\n${FILE_PART}${'kuva '.repeat(3000)}\r\n${partHead('')}nimetön\r\n${partHead('; name="more"; filename="b"')}lisää${FORM_END}loppu`,
    );
    const statuses = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const form = mutated(whole, below);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < form.length;) {
        const size = 1 + below([2, 50, 5000, 100_000][below(4)] ?? 1);
        pieces.push(form.subarray(at, at + size));
        at += size;
      }
      const breaks = below(4) === 0 ? below(pieces.length + 1) : -1;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (pieces.length === 0) controller.close();
          else if (pieces.length === breaks) controller.error(new Error('The connection was lost.'));
          else controller.enqueue(pieces.shift() ?? new Uint8Array());
        },
      });
      const request = {
        method: 'POST',
        body,
        duplex: 'half',
        headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      };
      const { status } = await app.request('http://x/', request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(statuses.get(400)).toBeGreaterThan(0);
    expect(budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
    expect(await readdir(directory)).toEqual([]);
  });
});

it('tells a second file that is too large as part of the form, also before the first is read', async () => {
  const budget = createReceiveBudget({ capacity: 1_000_000, contended: { windowMs: 600_000, minBytes: 0 } });
  const app = new Hono<AppEnv>()
    .onError(renderError)
    .use(requestLog(createLogger('silent', false)))
    .post('/', async (c) => {
      using share = budget.open('aino', 1_000_000);
      const form = await openForm(c, { share, maxBytes: 1000 });
      // The reader of the first file is slower than the form.
      const broken = Promise.withResolvers<void>();
      form.file.on('error', () => broken.resolve());
      await form.finish(broken.promise);
      return c.text('taken');
    });
  const second = partHead('; name="more"; filename="b"');
  const pieces = [`${FILE_PART}kuva\r\n${second}`, ...Array.from({ length: 20 }, () => 'x'.repeat(10_000))];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(Buffer.from(piece));
    },
  });
  const request = {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  };
  const response = await app.request('http://x/', request);
  expect(response.status).toBe(413);
  expect(errorBody.parse(await response.json()).code).toBe('body_too_large');
});

/** Changes, cuts, doubles or adds a few bytes; sometimes changes nothing. */
function mutated(form: Buffer, below: (most: number) => number): Buffer {
  let bytes = Buffer.from(form);
  for (let count = below(4); count > 0; count--) {
    const at = below(bytes.length + 1);
    const length = below([3, 100, 10_000][below(3)] ?? 1);
    const [before, piece, after] = [
      bytes.subarray(0, at),
      bytes.subarray(at, at + length),
      bytes.subarray(at + length),
    ];
    const kind = below(4);
    if (kind === 0) bytes = Buffer.concat([before, after]);
    else if (kind === 1) bytes = Buffer.concat([before, piece, piece, after]);
    else if (kind === 2) bytes = Buffer.concat([before, Buffer.alloc(piece.length, below(256)), after]);
    else bytes = Buffer.concat([before, Buffer.from(`\r\n--${BOUNDARY}`), piece, after]);
  }
  return bytes;
}
