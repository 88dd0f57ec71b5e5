import { availableParallelism } from 'node:os';
import { createSemaphore } from '../util/semaphore.ts';
import { DEFAULT_ENGINE_PATH, startEngine, type Engine } from './process/engine.ts';
import type { ReadText } from './read-text.ts';
import { createModelCheck } from './recognize/models.ts';

/** Reads the text in pictures, each in an engine process. */
export interface TextReader {
  /**
   * Reads the text in a picture.
   *
   * Several files are the frames of one moving picture, in order of time. An animated GIF or WebP
   * is one file. The reader chooses the frames, and repeated lines appear once.
   *
   * @param files - image files that sharp can open
   * @param signal - aborts the read
   * @throws when a file is not a picture, the engine crashes or times out, or `signal` aborts
   *   (with its reason)
   */
  read(files: readonly string[], signal?: AbortSignal): Promise<ReadText>;
  /** Number of parallel reads. Further reads wait. */
  readonly concurrency: number;
  /**
   * Returns null when the reader works, otherwise a sentence for people. It checks on every call,
   * so repaired models need no restart.
   */
  problem(): Promise<string | null>;
  /** Ends the engine processes. Running reads reject. */
  stop(): Promise<void>;
}

/** Options of {@link createTextReader}. */
export interface TextReaderOptions {
  /** Directory of `fin.traineddata.gz` and `eng.traineddata.gz`. */
  modelsDir: string;
  /** Number of parallel reads, each in its own process. Default 1, at most one per core. */
  concurrency?: number;
  /**
   * Time limit of one read, process start included, milliseconds. Default 60 s; the engine itself
   * stops after about 9 s of CPU time.
   */
  timeoutMs?: number;
  /** Limit of resident memory per engine process, megabytes (2^20). Default 400. */
  memoryLimitMb?: number;
  /** Idle time after which an engine ends, milliseconds. Default 60 s. */
  idleMs?: number;
  /** Number of reads after which an engine is replaced. Its memory only grows. Default 200. */
  maxReads?: number;
  /**
   * Memory after a read above which an engine is replaced, megabytes (2^20). Default 330: one
   * picture can add 70.
   */
  maxKeptMb?: number;
  /**
   * Entry file of the engine process. A bundled server needs it, because the file is not beside
   * this module.
   */
  enginePath?: string;
  logger?: { info(message: string): void; warn(message: string): void };
}

/**
 * Creates a text reader. It starts no process until the first read.
 *
 * @example
 * const reader = createTextReader({ modelsDir: 'models' });
 * const { text } = await reader.read(['meme.png'], AbortSignal.timeout(60_000));
 * await reader.stop();
 */
export function createTextReader({
  modelsDir,
  concurrency = 1,
  timeoutMs = 60_000,
  memoryLimitMb = 400,
  idleMs = 60_000,
  maxReads = 200,
  maxKeptMb = 330,
  enginePath = DEFAULT_ENGINE_PATH,
  logger,
}: TextReaderOptions): TextReader {
  const problem = createModelCheck(modelsDir);
  const slots = Math.max(1, Math.min(concurrency, availableParallelism()));
  const engines = new Set<Engine>();
  const idle: { engine: Engine; timer: NodeJS.Timeout }[] = [];
  const reads = createSemaphore(slots);
  let stopped = false;

  function endEngine(engine: Engine, reason: string) {
    engines.delete(engine);
    logger?.info(`OCR process ended after ${engine.reads} pictures (${reason}).`);
    return engine.kill();
  }

  function takeEngine(): Engine {
    const waiting = idle.pop();
    if (waiting) {
      clearTimeout(waiting.timer);
      if (waiting.engine.alive) return waiting.engine;
      engines.delete(waiting.engine);
      return takeEngine();
    }
    const engine = startEngine({ enginePath, modelsDir, memoryLimitMb });
    engines.add(engine);
    return engine;
  }

  function releaseEngine(engine: Engine) {
    if (stopped || !engine.alive) engines.delete(engine);
    else if (engine.reads >= maxReads || engine.memoryMb > maxKeptMb) void endEngine(engine, 'recycled');
    else {
      const timer = setTimeout(() => {
        idle.splice(
          idle.findIndex((entry) => entry.engine === engine),
          1,
        );
        void endEngine(engine, 'idle');
      }, idleMs).unref();
      idle.push({ engine, timer });
    }
  }

  return {
    concurrency: slots,
    problem,
    read: (files, signal) =>
      reads.run(
        1,
        async () => {
          if (stopped) throw new Error('The text reader has been stopped.');
          const unable = await problem();
          if (unable !== null) throw new Error(unable);
          const engine = takeEngine();
          try {
            return await engine.read(files, { timeoutMs, signal });
          } catch (error) {
            if (!engine.alive && !signal?.aborted) logger?.warn(`OCR process lost: ${String(error)}`);
            throw error;
          } finally {
            releaseEngine(engine);
          }
        },
        signal,
      ),
    async stop() {
      stopped = true;
      for (const { timer } of idle.splice(0)) clearTimeout(timer);
      await Promise.all([...engines].map((engine) => engine.kill()));
      engines.clear();
    },
  };
}
