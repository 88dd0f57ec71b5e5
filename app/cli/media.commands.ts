import { reprocess } from '../media/reprocess.service.ts';
import { defineCommand, UsageError } from './command.ts';

const again = defineCommand({
  name: 'reprocess',
  usage: '--failed | --all',
  summary: 'Do the background work on items again',
  help: `  --failed   items whose work failed
  --all      every item; takes a while

The work is queued here and done by the running app. A text that a person edited stays.`,
  options: { failed: { type: 'boolean', default: false }, all: { type: 'boolean', default: false } },
  check({ failed, all }) {
    if (failed === all) throw new UsageError('reprocess takes either --failed or --all.');
  },
  async run({ values, workshop }) {
    const { db, config } = workshop;
    const deps = { db, jobs: await workshop.jobs(), readsText: config.ocr.enabled };
    const count = await reprocess(deps, values.all ? 'all' : 'failed');
    return { data: { count }, text: `Queued ${count} item${count === 1 ? '' : 's'}.` };
  },
});

export const mediaCommands = [again];
