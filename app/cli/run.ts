import { inspect } from 'node:util';
import { ConfigError, type Config } from '../config.ts';
import { ArchiveError } from '../archive/archive.error.ts';
import { EmbeddedDatabaseError } from '../db/embedded.ts';
import { NewerSchemaError, UnknownSchemaError } from '../db/migration-history.ts';
import { migrationStatus } from '../db/migrate.ts';
import { AppError } from '../http/errors.ts';
import { StorageError } from '../storage/storage.ts';
import { BackupError } from '../backup/backup.error.ts';
import { adoptCommands } from './adopt.command.ts';
import { archiveCommands } from './archive.commands.ts';
import { backupCommands } from './backup.commands.ts';
import { claimCommands } from './claim.command.ts';
import type { Answer, Command } from './command.ts';
import { UsageError } from './usage-error.ts';
import { inviteCommands } from './invite.commands.ts';
import { mediaCommands } from './media.commands.ts';
import { migrateCommands } from './migrate.commands.ts';
import { storageCommands } from './storage.commands.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { userCommands } from './user.commands.ts';
import { noContext, openContext } from './context.ts';

const COMMANDS: readonly Command[] = [
  ...userCommands,
  ...inviteCommands,
  ...migrateCommands,
  ...mediaCommands,
  ...storageCommands,
  ...adoptCommands,
  ...claimCommands,
  ...archiveCommands,
  ...backupCommands,
];

/** 0: success. 1: a failure, or an alarming result. 2: the command line is invalid. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs one command line, without the program's name. Prints every error; never throws.
 *
 * @param readConfig called only when a command runs
 */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  readConfig: () => Config,
): Promise<ExitCode> {
  const json = argv.includes('--json');
  const words = argv.filter((word) => word !== '--json');
  try {
    const command = COMMANDS.find(({ name }) => words.slice(0, name.split(' ').length).join(' ') === name);
    if (words.some((word) => word === '--help' || word === '-h') || words.length === 0) {
      terminal.out(command ? helpOf(command) : overview(words[0]));
      return words.length === 0 ? 2 : 0;
    }
    if (!command) throw new UsageError(`There is no command “${words.slice(0, 2).join(' ')}”.`);
    const act = command.parse(words.slice(command.name.split(' ').length));
    const { data, text, alarming, aside } = command.standalone
      ? await act(noContext, terminal)
      : await runInContext(readConfig(), command, act, terminal);
    terminal[aside === true ? 'err' : 'out'](json ? JSON.stringify(data, null, 2) : text);
    return alarming === true ? 1 : 0;
  } catch (error) {
    terminal.err(json ? JSON.stringify({ error: describe(error) }) : describe(error).message);
    if (!(error instanceof UsageError)) return 1;
    if (!json) terminal.err('See --help.');
    return 2;
  }
}

async function runInContext(
  config: Config,
  command: Command,
  act: ReturnType<Command['parse']>,
  terminal: Terminal,
): Promise<Answer> {
  await using context = await openContext(config);
  if (!command.anySchema) {
    const all = await migrationStatus(context.db);
    if (all.some(({ executedAt }) => executedAt === undefined))
      throw new AppError('unavailable', 'The database is not migrated yet: run “migrate up” first.');
  }
  return await act(context, terminal);
}

/** Returns a sentence for an error that the operator can fix; for any other, its stack. */
function describe(error: unknown): { code: string; message: string } {
  if (error instanceof AppError) {
    const fields = Object.values(error.details?.fields ?? {});
    return { code: error.code, message: [error.message, ...fields].join(' ') };
  }
  if (error instanceof UsageError) return { code: 'usage', message: error.message };
  if (error instanceof ArchiveError) return { code: 'archive', message: error.message };
  if (error instanceof BackupError) return { code: 'backup', message: error.message };
  if (error instanceof StorageError) return { code: 'storage', message: error.message };
  if (error instanceof NewerSchemaError || error instanceof UnknownSchemaError)
    return { code: 'schema', message: error.message };
  if (error instanceof ConfigError || error instanceof EmbeddedDatabaseError)
    return { code: 'configuration', message: error.message };
  return { code: 'internal', message: inspect(error) };
}

function overview(group: string | undefined): string {
  const some = COMMANDS.filter(({ name }) => name.startsWith(`${group} `));
  const listed = some.length > 0 ? some : COMMANDS;
  return `Operates the meemikansio of DATABASE_URL, or else the one in DATA_DIR.

${table(listed.map(({ name, usage, summary }) => [`  ${name} ${usage}`, summary]))}

  --json    print the answer (or error) as JSON
  --help    show the help of a command

Exit codes: 0 success; 1 failure, or a fault was found; 2 wrong usage.`;
}

const helpOf = ({ name, usage, summary, help }: Command) =>
  `${name} ${usage}\n\n${summary}.${help === '' ? '' : `\n\n${help}`}`;
