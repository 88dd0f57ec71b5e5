import { parentPort } from 'node:worker_threads';
import { TooComplexFile } from './structure-budget.ts';
import { stripMetadata } from './strip-metadata.ts';
import type { CleanReply, StripRequest } from './strip.protocol.ts';
import { MalformedFile } from './byte-ranges.ts';

/** Entry of a worker thread that strips files, one after the other. */
parentPort?.on('message', (request: StripRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});

async function answer({ path, format, target }: StripRequest): Promise<CleanReply> {
  try {
    return { stripped: await stripMetadata(path, format, target) };
  } catch (error) {
    if (error instanceof TooComplexFile) return { complex: error.message };
    if (isOfTheFile(error)) return { malformed: error.message };
    if (!(error instanceof Error)) return { failed: String(error) };
    const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    return {
      failed: error.message,
      ...(code !== undefined && { code }),
      ...(error.stack !== undefined && { stack: error.stack }),
    };
  }
}

/**
 * Tells a fault of the file from ours. Reading a number past the end of a buffer means that the
 * file contradicts itself.
 */
const isOfTheFile = (error: unknown): error is Error =>
  error instanceof MalformedFile ||
  (error instanceof RangeError &&
    'code' in error &&
    (error.code === 'ERR_OUT_OF_RANGE' || error.code === 'ERR_BUFFER_OUT_OF_BOUNDS'));
