import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../../app/config.ts';
import type { AppEnv } from '../../../app/http/env.ts';
import { requestTrace } from '../../../app/http/request-trace.ts';
import { createLocalStorage } from '../../../app/storage/local.ts';
import { traceStorage } from '../../../app/storage/traced-storage.ts';
import { openTracing } from '../../../app/tracing/open-tracing.ts';
import type { Tracing } from '../../../app/tracing/tracing.ts';

const attributes = z.array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) }));
const delivery = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes,
              status: z.object({ code: z.number() }),
            }),
          ),
        }),
      ),
    }),
  ),
});
const ERROR = 2;
const plain = (list: z.infer<typeof attributes>) =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));

interface Delivered {
  name: string;
  id: string;
  parent: string | undefined;
  attributes: Record<string, unknown>;
  failed: boolean;
}

// Stands in for a collector of OpenTelemetry.
let spans: Delivered[];
let requests: string[];
let services: unknown[];
let endpoint: string;
let folder: string;
async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests.push(`${request.method} ${request.url} ${String(request.headers['x-token'])}`);
  for (const { resource, scopeSpans } of delivery.parse(await json(request)).resourceSpans) {
    services.push(plain(resource.attributes)['service.name']);
    for (const span of scopeSpans.flatMap((scope) => scope.spans))
      spans.push({
        name: span.name,
        id: span.spanId,
        parent: span.parentSpanId,
        attributes: plain(span.attributes),
        failed: span.status.code === ERROR,
      });
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}
const collector = createServer((request, response) => void receive(request, response));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-tracing-'));
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  collector.closeAllConnections();
  collector.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  [spans, requests, services] = [[], [], []];
});

async function opened(env: Record<string, string> = {}): Promise<Tracing> {
  const tracing = await openTracing(parseConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env }));
  if (!tracing) throw new Error('Nothing is traced.');
  return tracing;
}

const named = (name: string) => spans.find((span) => span.name === name);

describe('traces', () => {
  it('tell of a request by its pattern, and of the storage and the statements within', async () => {
    const tracing = await opened({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20token',
      OTEL_SERVICE_NAME: 'memes',
    });
    const storage = traceStorage(createLocalStorage({ directory: join(folder, 'media') }), tracing);
    const path = join(folder, 'a.png');
    await writeFile(path, 'x');
    const app = new Hono<AppEnv>().use(requestTrace(tracing)).get('/items/:id', async (c) => {
      await storage.put(`${randomUUID()}.png`, path, { contentType: 'image/png' });
      tracing.record('db select', {}, 3, false);
      return c.text('');
    });
    await app.request('/items/secret');
    tracing.record('db outside', {}, 3, false);
    await tracing.stop();

    expect(requests).toEqual(['POST /v1/traces a token']);
    expect(services).toEqual(['memes']);
    const request = named('GET /items/:id');
    expect(request).toMatchObject({ parent: undefined, failed: false });
    expect(request?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/items/:id',
      'http.response.status_code': 200,
    });
    expect(named('storage put')?.parent).toBe(request?.id);
    expect(named('db select')?.parent).toBe(request?.id);
    expect(named('db outside')).toBeUndefined();
    expect(JSON.stringify(spans)).not.toContain('secret');
  });

  it('mark what failed by the kind of the error, without its words', async () => {
    const tracing = await opened();
    const work = tracing.run('job media.text', 'consumer', {}, () => {
      throw new RangeError('secret');
    });
    await expect(work).rejects.toThrow('secret');
    await tracing.stop();
    expect(named('job media.text')).toMatchObject({
      failed: true,
      attributes: { 'error.type': 'RangeError' },
    });
    expect(JSON.stringify(spans)).not.toContain('secret');
  });

  it('leave out the rest of the sample', async () => {
    const tracing = await opened({ OTEL_TRACES_SAMPLER_ARG: '0' });
    expect(await tracing.run('work', 'client', {}, async () => 7)).toBe(7);
    await tracing.stop();
    expect(spans).toEqual([]);
  });

  it('let a process end whose collector does not answer', async () => {
    const tracing = await opened({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    expect(await tracing.run('work', 'client', {}, async () => 7)).toBe(7);
    await tracing.stop();
  });

  it('are off without a collector, and OpenTelemetry is not loaded', async () => {
    expect(await openTracing(parseConfig({ OTEL_SERVICE_NAME: 'memes' }))).toBeNull();
    const root = join(import.meta.dirname, '../../../app');
    const loading: string[] = [];
    for await (const file of glob('**/*.ts', { cwd: root })) {
      const text = await readFile(join(root, file), 'utf8');
      if (/^import (?!type ).*(@opentelemetry\/|\/tracing\.ts')/m.test(text)) loading.push(file);
    }
    expect(loading).toEqual(['tracing/tracing.ts']);
  });

  it('refuse headers that are none', () => {
    expect(() => parseConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'secret' })).toThrow(
      'OTEL_EXPORTER_OTLP_HEADERS: must be name=value',
    );
    expect(() => parseConfig({ OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow('OTEL_TRACES_SAMPLER_ARG');
  });
});
