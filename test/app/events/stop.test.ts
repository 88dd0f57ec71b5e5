import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEvents } from '../../support/servers/event-stream.ts';
import { register } from '../../support/servers/http.ts';
import { startServer } from '../../support/servers/server.ts';

it('a stopping server ends its event streams in order, and forgets a closed tab', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-events-'));
  const server = await startServer({ dataDir });
  const { cookie } = await register(server.url);
  const open = async () => readEvents(await fetch(`${server.url}/api/events`, { headers: { cookie } }));

  const left = await open();
  await left.next();
  await left.close();

  const stream = await open();
  expect(await stream.next()).toMatchObject({ event: 'hello' });
  const end = stream.next();
  expect(await server.stop()).toBe(0);
  // A connection that the server cuts makes the read fail.
  expect(await end).toBeNull();
  await rm(dataDir, { recursive: true });
});
