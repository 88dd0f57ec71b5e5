import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BackupError } from './backup.error.ts';
import { BACKUP_VERSION, backupLine, type BackupHeader } from './backup.schema.ts';
import { decrypted } from './encryption.ts';

export type BackupPart =
  | { kind: 'header'; header: BackupHeader }
  /** Some rows of a table, each as JSON. */
  | { kind: 'rows'; table: string; lines: string[] };

/** Size of the batches of rows, in characters. Larger ones are no faster. */
const BATCH_CHARACTERS = 1_000_000;
const NEWLINE = 0x0a;

/**
 * Yields the parts of a backup. The first one is the header. Ends only if the backup is whole.
 * Memory: a batch of rows. Errors: {@link BackupError} for a wrong identity, a damaged or truncated
 * file, a later format, and anything else.
 */
export async function* readBackup(source: Readable, identity: string): AsyncIterable<BackupPart> {
  const counts: Record<string, number> = {};
  let table: string | null = null;
  let begun = false;
  let ended = false;
  let batch: string[] = [];
  let size = 0;
  const taken = (): BackupPart[] => {
    const lines = batch;
    [batch, size] = [[], 0];
    if (table === null || lines.length === 0) return [];
    counts[table] = (counts[table] ?? 0) + lines.length;
    return [{ kind: 'rows', table, lines }];
  };
  for await (const line of linesOf(source, identity)) {
    if (ended) throw new BackupError('The backup goes on after its end: it is damaged.');
    if (line.startsWith('{') && table !== null) {
      batch.push(line);
      size += line.length;
      if (size >= BATCH_CHARACTERS) yield* taken();
      continue;
    }
    const [kind, value] = controlOf(line);
    if ((kind === 'header') === begun) throw damaged();
    if (kind === 'header') {
      if (value.version > BACKUP_VERSION)
        throw new BackupError(
          `A later release made this backup (format ${value.version}): restore with that.`,
        );
      begun = true;
      yield { kind: 'header', header: value };
      continue;
    }
    yield* taken();
    if (kind === 'table') {
      table = value;
      counts[table] = 0;
      continue;
    }
    ended = true;
    const same = Object.keys({ ...counts, ...value.rows }).every((name) => counts[name] === value.rows[name]);
    if (!same) throw damaged();
  }
  if (!ended) throw new BackupError('The backup ends before its last line: it is truncated.');
}

const damaged = (cause?: unknown) =>
  new BackupError('The content of the file is no backup of this app.', cause === undefined ? {} : { cause });

function controlOf(line: string) {
  try {
    return backupLine.parse(JSON.parse(line));
  } catch (cause) {
    throw damaged(cause);
  }
}

async function* linesOf(source: Readable, identity: string): AsyncIterable<string> {
  // The iteration reports the error.
  const plain = pipeline(source, decrypted(identity), createGunzip(), () => {});
  const chunks: AsyncIterable<Buffer> = plain;
  let rest: Buffer[] = [];
  try {
    for await (const chunk of chunks) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
        rest = [];
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
    }
  } catch (error) {
    throw error instanceof BackupError ? error : damaged(error);
  } finally {
    source.destroy();
  }
  if (rest.length > 0) throw damaged();
}
