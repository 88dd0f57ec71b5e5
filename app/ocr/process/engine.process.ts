import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { EngineSettings } from './engine.protocol.ts';
import { watch } from '../../util/watchdog.ts';

/**
 * Starts the engine process and its watchdog.
 *
 * The watchdog runs in its own thread. The main thread computes for long periods and may hang in
 * native code. It would then notice neither a dead parent nor growing memory.
 */
if (isMainThread) {
  const settings: EngineSettings = JSON.parse(process.argv[2] ?? '{}');
  new Worker(import.meta.filename, {
    workerData: { memoryLimitMb: settings.memoryLimitMb, parent: process.ppid },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  }).unref();
  const { serve } = await import('./engine.server.ts');
  serve(settings);
} else {
  watch(workerData);
}
