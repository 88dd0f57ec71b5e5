import { STAGE_JOBS } from '../../../app/media/media.jobs.ts';

interface Line {
  msg: string;
  job?: string;
  jobId?: string;
}

/** Reads the lines of the log of a process that have this message. */
export const logLines = (output: string, msg: string): Line[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Line => JSON.parse(line))
    .filter((line) => line.msg === msg);

/** Jobs of the uploads. Those of a schedule also run, if a minute begins meanwhile. */
const STAGE_JOB_NAMES: ReadonlySet<string> = new Set(Object.values(STAGE_JOBS).map(({ name }) => name));

/** Returns name and id of the jobs of stages among lines of a log. */
export const stageJobs = (lines: readonly Line[]): string[] =>
  lines.filter(({ job }) => STAGE_JOB_NAMES.has(job ?? '')).map(({ job, jobId }) => `${job} ${jobId}`);
