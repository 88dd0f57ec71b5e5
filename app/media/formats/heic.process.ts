import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { watch } from '../../util/watchdog.ts';
import { HEIC_MEMORY_MB } from './heic.protocol.ts';

/**
 * Entry of a process for one photo: HEIC file in, JPEG file out. The decoder runs as WebAssembly,
 * so a file that takes it over stays in its sandbox. The process bounds memory and frees all of it
 * at its end. The watchdog has its own thread, because decoding blocks the main thread.
 */
if (isMainThread) {
  const [source = '', target = ''] = process.argv.slice(2);
  new Worker(import.meta.filename, {
    workerData: { memoryLimitMb: HEIC_MEMORY_MB, parent: process.ppid },
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  }).unref();
  const { convertHeic } = await import('./heic-convert.ts');
  process.exit(await convertHeic(source, target));
} else {
  watch(workerData);
}
