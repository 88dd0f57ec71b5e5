import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../support/databases/database.ts';
import { watchMemory } from '../../bench/process-tree.ts';
import { COMPLEX_MAKERS } from '../../support/media/complex-files.ts';
import { blobOf } from '../../support/media/videos.ts';
import { register } from '../../support/servers/http.ts';
import { startServer } from '../../support/servers/server.ts';

/** Memory of the production container, bytes. */
const CONTAINER_BYTES = 2 ** 30;
/** Size of a file that once crashed the process, in 10^6 bytes. */
const MEGABYTES = 15;
const AT_ONCE = 4;

// Measures the real process and its children as the container is charged. Only Linux reports that.
it.runIf(process.platform === 'linux')(
  'takes every file whose structure is the attack within 1 GiB, and lives',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-hostile-'));
    await using database = await createTestDatabase();
    try {
      await using server = await startServer({ dataDir, env: { DATABASE_URL: database.url } });
      const { cookie } = await register(server.url);
      const stop = watchMemory(server.pid);
      const queue = Object.values(COMPLEX_MAKERS);
      const statuses: number[] = [];
      const drain = async () => {
        for (let make = queue.pop(); make; make = queue.pop()) {
          const body = new FormData();
          body.set('file', blobOf(make(MEGABYTES)), 'meme');
          const headers = { origin: server.url, cookie };
          const response = await fetch(`${server.url}/api/media`, { method: 'POST', body, headers });
          statuses.push(response.status);
          await response.body?.cancel();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, drain));
      const { shared, server: main } = stop();
      expect(statuses).toEqual(Object.values(COMPLEX_MAKERS).map(() => 422));
      expect(main).toBeGreaterThan(30e6); // positive control of the measurement
      expect(shared).toBeLessThan(CONTAINER_BYTES);
      expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
