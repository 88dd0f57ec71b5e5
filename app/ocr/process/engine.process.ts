import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { EngineSettings } from './engine.protocol.ts';
import { watch } from '../../util/watchdog.ts';

/**
 * Entry of the engine process. The watchdog has a thread of its own, because the main thread computes for long
 * stretches, may hang in native code, and would then neither see its parent die nor its memory grow.
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
