import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { register } from '../../support/servers/http.ts';
import { freePort } from '../../support/databases/proxy.ts';
import { startServer } from '../../support/servers/server.ts';

const ROOT = join(import.meta.dirname, '../../..');

/**
 * Loads a module of the page with everything it imports, as a browser does. Returns the addresses
 * of our own modules, without their queries. Fails if one is no script.
 */
async function loadModules(url: string, first: string): Promise<Set<string>> {
  const loaded = new Set<string>();
  const queue = [first];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const answer = await fetch(url + path, { headers: { 'sec-fetch-dest': 'script' } });
    expect(answer.headers.get('content-type'), path).toMatch(/javascript/);
    const text = await answer.text();
    for (const [, next = ''] of text.matchAll(/(?:\bfrom|\bimport\(?) ?"(\/(?!node_modules|@)[^"]+)"/g))
      queue.push(next);
  }
  return new Set([...loaded].map((path) => path.replace(/\?.*/, '')));
}

/** Opens the connection of hot reload. Returns the code with which the server ends a ping. */
const pingHotReload = (url: string): Promise<number> =>
  new Promise((ended) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'vite-ping');
    socket.addEventListener('close', ({ code }) => ended(code));
  });

it('npm run dev serves the page, and a restart of the server keeps the session', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-dev-'));
  const command = ['npm', 'run', 'dev', '--', '--no-env-file', '--no-install'] as const;
  // Vite needs a port before it gets this one.
  const server = await startServer({ dataDir, command, env: { PORT: String(await freePort()) } });
  const starts = () => server.output().split('meemikansio is at').length - 1;
  try {
    expect(await (await fetch(server.url)).text()).toMatch(/<script type="module" src="\/main\.tsx"/);
    const loaded = await loadModules(server.url, '/main.tsx');
    expect(loaded).toContain('/api/client.ts');
    expect(loaded).toContain('/routes.tsx');
    expect(await pingHotReload(server.url)).toBe(1000);
    const { cookie } = await register(server.url);
    const me = () => fetch(`${server.url}/api/auth/me`, { headers: { cookie } });
    expect(await (await me()).json()).toMatchObject({ user: { username: 'Aino' } });

    const now = new Date();
    await utimes(join(ROOT, 'app/app.ts'), now, now);
    await expect.poll(starts).toBe(2);
    expect(await (await me()).json()).toMatchObject({ user: { username: 'Aino' } });
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
