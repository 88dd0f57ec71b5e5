import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheTransforms } from '../../../client/transform-cache-plugin.ts';

let folder: string;
let made: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-transforms-'));
  made = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const plugin: Plugin = {
  name: 'test:shout',
  transform(source, id) {
    if (!id.endsWith('.tsx')) return null;
    made.push(basename(id));
    return { code: source.toUpperCase(), map: null };
  },
};

/** Starts Vite without a page, as `npm run dev` does. */
const serve = (mode = 'development'): Promise<ViteDevServer> =>
  createServer({
    configFile: false,
    root: folder,
    mode,
    logLevel: 'silent',
    plugins: [cacheTransforms(plugin, join(folder, 'kept'))],
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });

/** Writes a component, and returns its code from a new server. */
async function transformed(source: string, name = 'a.tsx', mode?: string): Promise<string | undefined> {
  await writeFile(join(folder, name), source);
  const vite = await serve(mode);
  try {
    return (await vite.environments.client.transformRequest(`/${name}`))?.code;
  } finally {
    await vite.close();
  }
}

describe('transformations of components', () => {
  it('are kept for the next start, until the source changes', async () => {
    expect(await transformed('a()')).toContain('A()');
    expect(await transformed('a()')).toContain('A()');
    expect(made).toEqual(['a.tsx']);
    expect(await transformed('b()')).toContain('B()');
    expect(await transformed('b()', 'b.tsx')).toContain('B()');
    expect(made).toEqual(['a.tsx', 'a.tsx', 'b.tsx']);
    expect(await readdir(join(folder, 'kept'))).toHaveLength(2);
  });

  it('are made each time outside development', async () => {
    for (let i = 0; i < 2; i++) await transformed('a()', 'a.tsx', 'test');
    expect(made).toHaveLength(2);
  });
});
