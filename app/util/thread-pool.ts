import { Worker, type ResourceLimits } from 'node:worker_threads';

/** A thread gave no answer. The fault is always ours, never the input's. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
}

export interface ThreadPoolOptions {
  /** Worker file. It answers every message of its parent port with one message, one at a time. */
  entry: string;
  /** Maximum number of threads. A thread starts when needed and stays. */
  size: number;
  /** Wall-clock limit of one request in milliseconds. A slower thread is terminated. */
  timeoutMs: number;
  /** V8 limits of each thread. A thread that exceeds them ends; the process does not. */
  resourceLimits: ResourceLimits;
}

export interface ThreadPool<Request, Reply> {
  /**
   * Sends the request to a free thread; waits for one, first come first served. Rejects with {@link
   * ThreadError}.
   */
  run(request: Request): Promise<Reply>;
  /** Ends all threads. Running and waiting requests reject. */
  stop(): Promise<void>;
}

interface Task<Request, Reply> {
  request: Request;
  resolve: (reply: Reply) => void;
  reject: (error: ThreadError) => void;
}

/**
 * Creates a pool of lasting threads, for work that must not block the event loop. A thread has no
 * environment variables. A busy thread keeps the process alive, an idle one does not. A thread that
 * crashes or hangs is replaced.
 */
export function createThreadPool<Request, Reply>(options: ThreadPoolOptions): ThreadPool<Request, Reply> {
  const threads = new Set<Thread<Request, Reply>>();
  const waiting: Task<Request, Reply>[] = [];
  let stopped = false;

  function assign(): void {
    const [task] = waiting;
    if (!task) return;
    for (const thread of threads) if (!thread.alive()) threads.delete(thread);
    const idle = [...threads].find((thread) => !thread.busy());
    if (!idle && threads.size >= options.size) return;
    const thread = idle ?? startThread<Request, Reply>(options);
    threads.add(thread);
    waiting.shift();
    void work(thread, task);
  }

  async function work(thread: Thread<Request, Reply>, task: Task<Request, Reply>): Promise<void> {
    await thread.run(task);
    assign();
  }

  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new ThreadError('The threads have been stopped.'));
        waiting.push({ request, resolve, reject });
        assign();
      }),
    async stop() {
      stopped = true;
      for (const { reject } of waiting.splice(0)) reject(new ThreadError('The threads have been stopped.'));
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}

interface Thread<Request, Reply> {
  busy(): boolean;
  alive(): boolean;
  /** Runs the task and settles it. */
  run(task: Task<Request, Reply>): Promise<void>;
  end(): Promise<unknown>;
}

function startThread<Request, Reply>({
  entry,
  timeoutMs,
  resourceLimits,
}: ThreadPoolOptions): Thread<Request, Reply> {
  const worker = new Worker(entry, { env: {}, execArgv: [], resourceLimits });
  let busy = false;
  let failure: ThreadError | null = null;
  let settle: (() => void) | undefined;

  function fail(why: string, cause?: unknown) {
    failure ??= new ThreadError(why, { cause });
    settle?.();
  }
  worker.on('error', (cause) => fail('The thread crashed.', cause));
  worker.on('exit', (code) => fail(`The thread ended with code ${code}.`));
  worker.unref();

  return {
    busy: () => busy,
    alive: () => failure === null,
    end: () => worker.terminate(),
    async run({ request, resolve, reject }) {
      busy = true;
      worker.ref();
      const timer = setTimeout(() => {
        fail(`The thread took longer than ${timeoutMs} ms.`);
        void worker.terminate();
      }, timeoutMs);
      let answer: { reply: Reply } | undefined;
      await new Promise<void>((done) => {
        settle = done;
        worker.once('message', (reply: Reply) => {
          answer = { reply };
          done();
        });
        if (failure) return done();
        worker.postMessage(request);
      });
      clearTimeout(timer);
      // Mark the thread free before resolving: the caller's next request then finds it.
      busy = false;
      worker.unref();
      if (answer) resolve(answer.reply);
      else reject(failure ?? new ThreadError('The thread gave no answer.'));
    },
  };
}
