import { availableParallelism } from 'node:os';
import { DEFAULT_ENGINE_PATH, startEngine, type Engine } from './process/engine.ts';
import { createModelCheck } from './recognize/models.ts';

export interface ReadText {
  /** The words in reading order, one line of the picture per line; empty when there are none. NFC. */
  text: string;
}

export interface TextReader {
  /**
   * Reads the words in a picture. Several files are frames of one moving picture, in order of time; an animated GIF or
   * WebP is given as the one file it is. Which frames are worth reading is decided here, and what several frames say is
   * said once.
   *
   * @param files - image files sharp can open
   * @throws when a file is no picture, the engine crashes or hangs, or `signal` aborts (with the signal's reason)
   */
  read(files: readonly string[], signal?: AbortSignal): Promise<ReadText>;
  /** Pictures it reads at once; more wait their turn. */
  readonly concurrency: number;
  /** Null when able to read, otherwise a sentence for humans. Looks anew each time: repaired models need no restart. */
  problem(): Promise<string | null>;
  /** Ends the engine processes; reads under way reject. */
  stop(): Promise<void>;
}

export interface TextReaderOptions {
  /** Folder of `fin.traineddata.gz` and `eng.traineddata.gz`. */
  modelsDir: string;
  /** Pictures read at once, each in a process of its own; default 1, at most one per core. */
  concurrency?: number;
  /** Wall clock for one read, start of the process included; default 60 s (the engine itself stops after 10 s of CPU). */
  timeoutMs?: number;
  /** Resident memory of one engine process, megabytes (2^20); default 400. */
  memoryLimitMb?: number;
  /** An engine unused for this long ends; default 60 s. */
  idleMs?: number;
  /** Reads after which an engine is replaced, since the recognizer's memory only grows; default 200. */
  maxReads?: number;
  /** … and its memory after a read, megabytes (2^20); default 330: one picture has been seen to add 70. */
  maxKeptMb?: number;
  /** Entry file of the engine process, when it is not beside this module (a bundled server). */
  enginePath?: string;
  logger?: { info(message: string): void; warn(message: string): void };
}

/** Makes a reader. It starts no process until the first read. */
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
  const queue: (() => void)[] = [];
  let running = 0;
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

  async function waitForSlot(signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    if (running < slots) {
      running += 1;
      return;
    }
    // The slot is handed over by whoever leaves it, so `running` stays as it is.
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1);
        reject(signal?.reason);
      };
      queue.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  function leaveSlot() {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  }

  return {
    concurrency: slots,
    problem,
    async read(files, signal) {
      await waitForSlot(signal);
      try {
        if (stopped) throw new Error('The text reader has been stopped.');
        const unable = await problem();
        if (unable !== null) throw new Error(unable);
        const engine = takeEngine();
        try {
          return { text: await engine.read(files, { timeoutMs, signal }) };
        } catch (error) {
          if (!engine.alive && !signal?.aborted) logger?.warn(`OCR process lost: ${String(error)}`);
          throw error;
        } finally {
          releaseEngine(engine);
        }
      } finally {
        leaveSlot();
      }
    },
    async stop() {
      stopped = true;
      for (const { timer } of idle.splice(0)) clearTimeout(timer);
      await Promise.all([...engines].map((engine) => engine.kill()));
      engines.clear();
    },
  };
}
