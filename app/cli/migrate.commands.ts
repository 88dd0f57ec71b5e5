import { migrateToLatest, migrationStatus } from '../db/migrate.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

const status = defineCommand({
  name: 'migrate status',
  usage: '',
  summary: 'List applied and pending migrations',
  help: 'Exit code 1 when some are pending.',
  options: {},
  anySchema: true,
  async run({ context }) {
    const all = (await migrationStatus(context.db)).map(({ name, executedAt }) => ({
      name,
      appliedAt: executedAt?.toISOString() ?? null,
    }));
    return {
      data: all,
      text: table(all.map(({ name, appliedAt }) => [name, appliedAt ?? 'pending'])),
      alarming: all.some(({ appliedAt }) => appliedAt === null),
    };
  },
});

const up = defineCommand({
  name: 'migrate up',
  usage: '',
  summary: 'Apply the pending migrations',
  help: 'All or nothing. The app does the same when it starts. Two may run at once.',
  options: {},
  anySchema: true,
  async run({ context }) {
    const applied = await migrateToLatest(context.db);
    return {
      data: { applied },
      text: applied.length === 0 ? 'Nothing to apply.' : applied.map((name) => `applied ${name}`).join('\n'),
    };
  },
});

export const migrateCommands = [status, up];
