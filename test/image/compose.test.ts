import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../app/config.ts';
import { environmentShape } from '../../app/config.schema.ts';

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
  // As compose fills it in when only the two required ones are in .env.
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
