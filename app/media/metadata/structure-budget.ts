import { isMainThread } from 'node:worker_threads';

/** What reading the structure of one file may cost: boxes, segments, chunks, blocks and elements of all formats alike. */
export interface StructureLimits {
  /** Looks into the file; a part of a file takes one (a box) to seven (a frame of a GIF) of them. */
  steps: number;
  /** Parts within parts. */
  depth: number;
  /** Processor time of the thread, milliseconds. Not the clock: a busy machine refuses no honest file. */
  cpuMs: number;
}

/**
 * Most that one file gets. An animation of 18,000 frames takes 130,000 steps, a video of an hour in fragments of a second
 * 15,000 (counted); 400,000 take about a second of processor time (measured). The boxes that are read lie 4 deep.
 */
export const STRUCTURE_LIMITS: StructureLimits = { steps: 400_000, depth: 16, cpuMs: 5_000 };

/** Steps between two looks at the processor time. */
const CPU_CHECK_STEPS = 64;

/** The file is built of more parts than are looked at. The message is a sentence for people and names the limit. */
export class TooComplexFile extends Error {
  override readonly name = 'TooComplexFile';
}

/** What is left for one file. Every method throws {@link TooComplexFile} where a limit is passed. */
export interface StructureBudget {
  /** Pays for one look; a {@link ByteSource} calls it by itself, a loop over bytes already read has to. */
  step(): void;
  /** Goes one level down; the result ends it (`using`). */
  enter(): Disposable;
}

/**
 * The budget of one file. Throws in the main thread: whoever walks a file there holds up every request.
 */
export function createStructureBudget(limits: StructureLimits = STRUCTURE_LIMITS): StructureBudget {
  if (isMainThread) throw new Error('The structure of a file is read in a worker thread only.');
  const start = process.threadCpuUsage();
  let steps = 0;
  let depth = 0;
  const level = { [Symbol.dispose]: () => void (depth -= 1) };

  function cpuMs(): number {
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  }

  return {
    step() {
      steps += 1;
      if (steps > limits.steps)
        throw new TooComplexFile(
          `The file is built of too many parts: reading them takes more than ${limits.steps} steps.`,
        );
      if (steps % CPU_CHECK_STEPS === 0 && cpuMs() > limits.cpuMs)
        throw new TooComplexFile(
          `The file is too complex: reading its parts takes more than ${limits.cpuMs} ms of processor time.`,
        );
    },
    enter() {
      if (depth >= limits.depth)
        throw new TooComplexFile(`The parts of the file lie more than ${limits.depth} levels deep.`);
      depth += 1;
      return level;
    },
  };
}
