import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { EngineSettings, ReadReply, ReadRequest } from './engine.protocol.ts';
import type { ReadText } from '../read-text.ts';
import { readPicture } from '../read-picture.ts';
import { createRecognizer, type Recognizer } from '../recognize/tesseract.ts';

/**
 * Lowers the priority of every thread. Linux sets priorities per thread, and V8's helper threads
 * are already running. Other systems need one call.
 */
function lowerPriority() {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) {
    setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  }
}

/** Answers the parent's requests one at a time. The process exits when the parent disconnects. */
export function serve({ modelsDir }: EngineSettings): void {
  lowerPriority();
  let recognizer: Recognizer | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function answer(files: readonly string[]): Promise<ReadText | { error: string }> {
    try {
      recognizer ??= createRecognizer(modelsDir);
      return await readPicture(files, recognizer);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  async function serveAfter(previous: Promise<void>, request: ReadRequest): Promise<void> {
    await previous;
    const answered = await answer(request.files);
    const memoryMb = process.memoryUsage.rss() / 2 ** 20;
    process.send?.({ id: request.id, memoryMb, ...answered } satisfies ReadReply);
  }

  process.on('message', (request: ReadRequest) => {
    turn = serveAfter(turn, request);
  });
  process.on('disconnect', () => process.exit(0));
}
