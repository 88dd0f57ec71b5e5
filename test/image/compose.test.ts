import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../app/config.ts';
import { environmentShape } from '../../app/config.schema.ts';
import { clientAddress } from '../../app/http/client-address.ts';
import type { AppEnv } from '../../app/http/env.ts';

const ROOT = join(import.meta.dirname, '../..');
const compose = z
  .object({
    services: z.object({
      app: z.object({
        environment: z.record(z.string(), z.string()),
        depends_on: z.record(z.string(), z.object({ condition: z.string() })),
        volumes: z.array(z.string()),
        read_only: z.boolean(),
      }),
      database: z.object({
        healthcheck: z.object({ test: z.array(z.string()) }),
        volumes: z.array(z.string()),
      }),
    }),
    volumes: z.record(z.string(), z.unknown()),
  })
  .parse(parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')));

it('compose.yaml sets only variables the app knows, and all that production wants', () => {
  const { environment } = compose.services.app;
  for (const name of Object.keys(environment)) expect(Object.keys(environmentShape)).toContain(name);
  // Fills in variables as compose does with only the two required ones in .env.
  const filled = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+):\?[^}]*\}/g, 'x'.repeat(32)).replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
  expect(parseConfig({ ...filled, NODE_ENV: 'production' }).production).toBe(true);
});

it('compose.yaml starts the app when its database is well, and keeps what both store', () => {
  const { app, database } = compose.services;
  expect(app.depends_on).toEqual({ database: { condition: 'service_healthy' } });
  expect(app.read_only).toBe(true);
  expect(app.volumes).toEqual(['media:/data']);
  expect(database.healthcheck.test.join(' ')).toMatch(/pg_isready/);
  expect(Object.keys(compose.volumes).sort()).toEqual(['database', 'media']);
});

/** Returns the value that compose uses for a variable not set in `.env`. */
const defaultOf = (value: string) => /^\$\{\w+:-([^}]*)\}$/.exec(value)?.[1] ?? value;

it('compose.yaml tells the app about the proxy that it recommends', async () => {
  const text = readFileSync(join(ROOT, 'compose.yaml'), 'utf8');
  const services = Object.keys(compose.services).join(' ');
  expect(`${text} ${services}`, 'without a proxy there is nothing to tell').toMatch(
    /\bproxy\b|caddy|traefik|nginx/i,
  );
  const { TRUST_PROXY: value = '' } = compose.services.app.environment;
  const { trustedProxies } = parseConfig({ TRUST_PROXY: defaultOf(value) }).server;
  // The proxy on the host, as in the comments, connects through the engine's bridge.
  const probe = new Hono<AppEnv>().get('/', (c) => c.text(clientAddress(trustedProxies)(c)));
  const addressOf = async (remoteAddress: string, forwarded: string) => {
    const env = { incoming: { socket: { remoteAddress } } };
    return (await probe.request('/', { headers: { 'x-forwarded-for': forwarded } }, env)).text();
  };
  expect(await addressOf('172.18.0.1', '198.51.100.7')).toBe('198.51.100.7');
  expect(await addressOf('172.18.0.1', '1.1.1.1, 198.51.100.8')).toBe('198.51.100.8');
  // Without a proxy, on a published port, no client chooses its own address.
  expect(await addressOf('198.51.100.9', '1.1.1.1')).toBe('198.51.100.9');
});
