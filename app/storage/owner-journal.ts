import { appendFile, open } from 'node:fs/promises';
import { z } from 'zod';
import type { ObjectOwner } from './storage.ts';

const entry = z.tuple([z.string(), z.object({ item: z.string(), role: z.string() })]);

export interface OwnerJournal {
  /** Notes the owner of an object. The last note about a key counts. */
  add(key: string, owner: ObjectOwner): Promise<void>;
  /** Finds the owners of these keys; reads the whole file. */
  find(keys: readonly string[]): Promise<Map<string, ObjectOwner>>;
}

/**
 * Keeps the owners of local objects: a line of JSON for each, some 120 bytes. Files carry no
 * metadata that every disk and archive keeps. Lines of deleted objects stay.
 */
export function createOwnerJournal(path: string): OwnerJournal {
  return {
    // One short write at the end of the file: those of several processes do not mix. It begins with
    // a line break, because a full disk may have cut the line before.
    add: (key, owner) => appendFile(path, `\n${JSON.stringify([key, owner])}\n`),

    async find(keys) {
      const wanted = new Set(keys);
      const found = new Map<string, ObjectOwner>();
      for await (const line of linesOf(path)) {
        const [key, owner] = parsed(line) ?? [];
        if (key !== undefined && owner !== undefined && wanted.has(key)) found.set(key, owner);
      }
      return found;
    },
  };
}

/** Returns `null` for a line that a killed process did not finish. */
function parsed(line: string) {
  try {
    return entry.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function* linesOf(path: string): AsyncIterable<string> {
  try {
    await using file = await open(path);
    yield* file.readLines();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
