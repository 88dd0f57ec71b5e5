import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedDatabaseError, startEmbeddedDatabase } from '../../../app/db/embedded.ts';
import { createLogger } from '../../../app/logger.ts';

const logger = createLogger('silent', false);
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meemikansio-embedded-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

describe('startEmbeddedDatabase', () => {
  it('makes a database, stops it and finds everything again', async () => {
    const first = await startEmbeddedDatabase(directory, logger);
    await query(first.url, "create table kept as select 'ääkköset' as word");
    await first.stop();
    await expect(query(first.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    const second = await startEmbeddedDatabase(directory, logger);
    expect(await query(second.url, 'select word, upper(word) as loud from kept')).toEqual([
      { word: 'ääkköset', loud: 'ÄÄKKÖSET' },
    ]);
    await second.stop();
  });

  it('takes a sixteenth of the memory for its buffers, within bounds', async () => {
    const database = await startEmbeddedDatabase(directory, logger);
    const [row] = await query(
      database.url,
      "select setting::integer * 8 / 1024 as mb from pg_settings where name = 'shared_buffers'",
    );
    await database.stop();
    const sixteenth = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 24;
    expect(row).toEqual({ mb: sixteenth > 512 ? 512 : sixteenth < 128 ? 128 : Math.floor(sixteenth) });
  });

  it('refuses a folder that another live app uses, and leaves that one alone', async () => {
    const first = await startEmbeddedDatabase(directory, logger);
    await expect(startEmbeddedDatabase(directory, logger)).rejects.toThrow(
      /Another meemikansio is running on/,
    );
    await expect(startEmbeddedDatabase(directory, logger)).rejects.toBeInstanceOf(EmbeddedDatabaseError);
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it('takes over a server that an app left running when it was killed', async () => {
    const script = `
      import { startEmbeddedDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../../app/db/embedded.ts'))};
      const quiet = { info() {}, warn() {}, error() {} };
      const { url } = await startEmbeddedDatabase(${JSON.stringify(directory)}, quiet);
      process.stdout.write(url, () => process.kill(process.pid, 'SIGKILL'));`;
    let url = '';
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    } catch (error) {
      url = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    }
    expect(url).toMatch(/^postgres:/);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const next = await startEmbeddedDatabase(directory, logger);
    expect(next.url).toBe(url);
    await next.stop();
  });

  it('recovers when the server itself was killed', async () => {
    const first = await startEmbeddedDatabase(directory, logger);
    await query(first.url, 'create table kept as select 7 as seven');
    const [row] = await query(
      first.url,
      "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid",
    );
    const { pid } = Object(row);
    process.kill(Number(pid), 'SIGKILL');
    const second = await startEmbeddedDatabase(directory, logger);
    expect(await query(second.url, 'select seven from kept')).toEqual([{ seven: 7 }]);
    await second.stop();
  });
});
