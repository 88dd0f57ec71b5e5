import { isMainThread } from 'node:worker_threads';

/**
 * Limits for reading the structure of one file. They count boxes, segments, chunks, blocks and
 * elements of all formats alike.
 */
export interface StructureLimits {
  /** Reads of the file; a part takes one (a box) to seven (a frame of a GIF). */
  steps: number;
  /** Nesting depth of parts. */
  depth: number;
  /**
   * Processor time of the thread in milliseconds. A wall clock would refuse honest files on a busy
   * machine.
   */
  cpuMs: number;
}

/**
 * Budget of one file. An animation of 18,000 frames takes 130,000 steps, a video of an hour in
 * one-second fragments 15,000 (counted). 400,000 steps take about a second of processor time
 * (measured). Known boxes are nested 4 deep.
 */
export const STRUCTURE_LIMITS: StructureLimits = { steps: 400_000, depth: 16, cpuMs: 5_000 };

/** Steps between two checks of the processor time. */
const CPU_CHECK_STEPS = 64;

/**
 * The file has more parts than the limits allow. The message is a sentence for people and names the
 * limit.
 */
export class TooComplexFile extends Error {
  override readonly name = 'TooComplexFile';
}

/**
 * The remaining budget of one file. Every method throws {@link TooComplexFile} when a limit is
 * exceeded.
 */
export interface StructureBudget {
  /** Charges one read. A {@link ByteSource} calls it; a loop over buffered bytes has to call it. */
  step(): void;
  /** Enters a nested level; dispose the result to leave it (`using`). */
  enter(): Disposable;
}

/**
 * Creates the budget of one file. Throws in the main thread, where reading a file blocks every
 * request.
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
          `The file has too many parts: reading them takes more than ${limits.steps} steps.`,
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
