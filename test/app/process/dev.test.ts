import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { register } from '../../support/servers/http.ts';
import { freePort } from '../../support/databases/proxy.ts';
import { startServer } from '../../support/servers/server.ts';

const ROOT = join(import.meta.dirname, '../../..');

it('npm run dev serves the page, and a restart of the server keeps the session', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-dev-'));
  const command = ['npm', 'run', 'dev', '--', '--no-env-file', '--no-install'] as const;
  // Vite needs a port before it gets this one.
  const server = await startServer({ dataDir, command, env: { PORT: String(await freePort()) } });
  const starts = () => server.output().split('meemikansio is at').length - 1;
  try {
    expect(await (await fetch(server.url)).text()).toMatch(/<script type="module" src="\/main\.tsx"/);
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
