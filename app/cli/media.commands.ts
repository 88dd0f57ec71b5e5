import { verifyStorage, type StorageReport } from '../media/housekeeping.service.ts';
import { reprocess, reprocessItem } from '../media/reprocess.service.ts';
import { defineCommand } from './command.ts';
import { UsageError } from './usage-error.ts';
import type { CommandContext } from './context.ts';

const again = defineCommand({
  name: 'reprocess',
  usage: '--failed | --all',
  summary: 'Process items again',
  help: `  --failed   items with a failed stage
  --all      every item; takes a while

The command queues the jobs; the running app does them. A text that a user edited stays.`,
  options: { failed: { type: 'boolean', default: false }, all: { type: 'boolean', default: false } },
  check({ failed, all }) {
    if (failed === all) throw new UsageError('reprocess takes either --failed or --all.');
  },
  async run({ values, context }) {
    const count = await reprocess(await work(context), values.all ? 'all' : 'failed');
    return { data: { count }, text: `Queued ${items(count)}.` };
  },
});

const verify = defineCommand({
  name: 'storage verify',
  usage: '[--repair]',
  summary: 'Compare rows and objects both ways',
  help: `  --repair   remove objects that no row names and that are older than a day, and reprocess
             items with missing renditions

A younger object may belong to a running upload. A missing original cannot be repaired: restore it
from a backup. Exit code 1 when a fault remains.`,
  options: { repair: { type: 'boolean', default: false } },
  async run({ values: { repair }, context }) {
    const report = await verifyStorage(context, { repair });
    const lost = report.missing.filter(({ column }) => column === 'object_key').map(({ id }) => id);
    const broken = new Set(report.missing.map(({ id }) => id));
    for (const id of lost) broken.delete(id);
    if (repair) for (const id of broken) await reprocessItem(await work(context), id);
    const queued = repair ? [...broken] : [];
    const leftOver = report.orphans.filter(({ young, removed }) => !young && !removed);
    return {
      data: { ...report, queued },
      text: tell(report, queued.length),
      alarming: lost.length + report.wrongSize.length + leftOver.length + broken.size - queued.length > 0,
    };
  },
});

const work = async (context: CommandContext) => ({
  db: context.db,
  jobs: await context.jobs(),
  readsText: context.config.ocr.enabled,
});

const items = (count: number) => `${count} item${count === 1 ? '' : 's'}`;

function tell(report: StorageReport, queued: number): string {
  const lines = [
    `${items(report.items)}, ${report.objects} of their objects are there.`,
    ...report.missing.map(({ id, key, column }) => `missing    ${key}  (${column} of ${id})`),
    ...report.wrongSize.map(
      ({ id, key, expected, actual }) =>
        `wrong size ${key}  (${actual} instead of ${expected} bytes, of ${id})`,
    ),
    ...report.orphans.map(({ key, size, young, removed }) => {
      const fate = removed ? 'removed' : young ? 'younger than a day, not removed' : 'named by no row';
      return `orphan     ${key}  (${size} bytes, ${fate})`;
    }),
  ];
  if (report.keeps !== null) lines.push(report.keeps);
  if (queued > 0) lines.push(`Queued ${items(queued)} for reprocessing.`);
  return lines.join('\n');
}

export const mediaCommands = [verify, again];
