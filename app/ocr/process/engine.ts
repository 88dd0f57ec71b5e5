import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { processEntry } from '../../util/process-entry.ts';
import type { ReadText } from '../read-text.ts';
import type { EngineSettings, ReadReply, ReadRequest } from './engine.protocol.ts';

/** One engine process. It reads one picture at a time. */
export interface Engine {
  /**
   * Reads one picture.
   *
   * @throws when a file cannot be read, the process crashes or times out, or `signal` aborts.
   *   After an unreadable file the process stays alive.
   */
  read(
    files: readonly string[],
    limit: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<ReadText>;
  /** Number of finished reads. */
  readonly reads: number;
  /** Resident memory after the last read, megabytes (2^20); 0 before the first. */
  readonly memoryMb: number;
  readonly alive: boolean;
  /** Kills the process and resolves when it has ended. */
  kill(): Promise<void>;
}

/** Options of {@link startEngine}. */
export interface EngineOptions extends EngineSettings {
  /** Entry file of the engine process. */
  enginePath: string;
}

/** Entry file of the engine process beside this module. */
export const DEFAULT_ENGINE_PATH = processEntry(import.meta, 'engine.process');

/**
 * Heap limit, megabytes. Pixels and the recognizer's memory are outside V8's heap, so the heap is
 * small.
 */
const HEAP_LIMIT_MB = 128;
const MAX_STDERR_CHARS = 2_000;

interface Pending {
  id: number;
  resolve: (read: ReadText) => void;
  reject: (reason: unknown) => void;
}

/**
 * Starts an engine process.
 *
 * The process gets none of the server's environment variables. A picture that takes it over finds
 * no secrets.
 */
export function startEngine({ enginePath, ...settings }: EngineOptions): Engine {
  const child = fork(enginePath, [JSON.stringify(settings)], {
    execArgv: [`--max-old-space-size=${HEAP_LIMIT_MB}`],
    // Two malloc arenas: glibc's default of eight per core keeps freed pixels resident.
    env: { TMPDIR: tmpdir(), MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let pending: Pending | undefined;
  let reads = 0;
  let memoryMb = 0;
  let sequence = 0;
  let alive = true;
  let stderr = '';

  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-MAX_STDERR_CHARS);
  });

  function settle(act: (waiting: Pending) => void) {
    const waiting = pending;
    pending = undefined;
    if (waiting) act(waiting);
  }

  const closed = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      alive = false;
      settle(({ reject }) => reject(new Error(`The OCR process ${reason}. ${stderr.trim()}`.trim())));
      resolve();
    };
    child.once('error', (error) => end(`could not be started (${error.message})`));
    child.once('close', (code, signal) => end(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });

  child.on('message', (reply: ReadReply) => {
    if (reply.id !== pending?.id) return;
    reads += 1;
    ({ memoryMb } = reply);
    settle(({ resolve, reject }) => {
      if ('error' in reply) reject(new Error(`The picture cannot be read: ${reply.error}`));
      else resolve({ text: reply.text, lines: reply.lines });
    });
  });

  async function kill() {
    alive = false;
    child.ref();
    child.kill('SIGKILL');
    await closed;
  }

  /** Keeps the server process alive during a read. An idle engine does not keep it alive. */
  function setReferenced(busy: boolean) {
    if (busy) {
      child.ref();
      child.channel?.ref();
    } else {
      child.unref();
      child.channel?.unref();
    }
  }
  if (child.stderr instanceof Socket) child.stderr.unref();
  setReferenced(false);

  async function read(
    files: readonly string[],
    { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<ReadText> {
    if (pending) throw new Error('An engine reads one picture at a time.');
    if (!alive) throw new Error('The OCR process is closed.');
    signal?.throwIfAborted();
    const id = (sequence += 1);
    setReferenced(true);
    const stopped = (reason: unknown) => {
      settle(({ reject }) => reject(reason));
      void kill();
    };
    const timer = setTimeout(
      () => stopped(new Error(`Reading the picture took longer than ${timeoutMs} ms.`)),
      timeoutMs,
    );
    const onAbort = () => stopped(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<ReadText>((resolve, reject) => {
        pending = { id, resolve, reject };
        child.send({ id, files } satisfies ReadRequest, (error) => {
          if (error) settle((waiting) => waiting.reject(error));
        });
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      setReferenced(false);
    }
  }

  return {
    read,
    kill,
    get reads() {
      return reads;
    },
    get memoryMb() {
      return memoryMb;
    },
    get alive() {
      return alive;
    },
  };
}
