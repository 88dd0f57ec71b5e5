import { ownerOf } from '../media/sweep-guard.service.ts';
import { StorageError } from '../storage/storage.ts';
import type { CommandContext } from './context.ts';
import { defineCommand } from './command.ts';

/**
 * Makes the storage belong to this database. Errors: {@link StorageError} if it belongs to another
 * one, unless `takeOver`.
 */
export async function claim({ db, storage }: CommandContext, takeOver: boolean): Promise<string> {
  const { owner, own, foreign } = await ownerOf({ db, storage });
  if (foreign !== null && !takeOver)
    throw new StorageError(
      storage.backend,
      'failed',
      `the storage belongs to another database or library (${owner}); if that is no more, add --take-over`,
    );
  if (owner !== own) await storage.claim(own);
  return own;
}

const storageClaim = defineCommand({
  name: 'storage claim',
  usage: '[--take-over]',
  summary: 'Make the storage belong to this database',
  help: `  --take-over   it belongs to another database or library, which is no more

Only the database that a storage belongs to removes files without a row, and items whose time in the
trash is over. After a move of the rows to another server, such as by pg_dump, that is the new one.`,
  options: { 'take-over': { type: 'boolean', default: false } },
  async run({ values: { 'take-over': takeOver }, context }) {
    const owner = await claim(context, takeOver);
    return { data: { owner }, text: `The storage belongs to this database (${owner}).` };
  },
});

export const claimCommands = [storageClaim];
