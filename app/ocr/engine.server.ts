import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { EngineSettings, ReadReply, ReadRequest } from './engine.protocol.ts';
import { readPicture } from './read-picture.ts';
import { createRecognizer, type Recognizer } from './recognizer.ts';

/** Linux sets priorities per thread, and V8 has started its helpers already; elsewhere one call is for all. */
function lowerPriority() {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) {
    setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  }
}

/** Answers the parent's requests one after the other until it hangs up. */
export function serve({ modelsDir }: EngineSettings): void {
  lowerPriority();
  let recognizer: Recognizer | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function answer({ id, files }: ReadRequest): Promise<ReadReply> {
    try {
      recognizer ??= createRecognizer(modelsDir);
      return { id, text: await readPicture(files, recognizer) };
    } catch (error) {
      return { id, error: error instanceof Error ? error.message : String(error) };
    }
  }

  async function serveAfter(previous: Promise<void>, request: ReadRequest): Promise<void> {
    await previous;
    const reply = await answer(request);
    process.send?.(reply);
  }

  process.on('message', (request: ReadRequest) => {
    turn = serveAfter(turn, request);
  });
  process.on('disconnect', () => process.exit(0));
}
