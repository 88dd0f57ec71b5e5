import { readTextJob } from '../media/media.jobs.ts';
import { readMediaText, type ReadTextDeps } from '../media/read-text.service.ts';
import { handleJob, type JobDefinition, type JobHandler } from './queue.ts';

/** Every kind of job there is. */
export const jobDefinitions: readonly JobDefinition[] = [readTextJob];

export type JobDeps = Omit<ReadTextDeps, 'reader'> & { reader: ReadTextDeps['reader'] | null };

/** What does each of them. Without a reader the pictures wait for a process that has one. */
export const jobHandlers = ({ reader, ...deps }: JobDeps): JobHandler[] => [
  reader === null
    ? { definition: readTextJob, handle: null }
    : handleJob(readTextJob, ({ mediaId }, context) => readMediaText({ ...deps, reader }, mediaId, context)),
];
