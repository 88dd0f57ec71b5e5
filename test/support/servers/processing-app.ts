import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createTestApp, type TestApp, type Visitor } from './app.ts';

/** An app that processes uploads, without text recognition. */
export interface ProcessingApp {
  readonly app: TestApp;
  /** The administrator. */
  readonly aino: Visitor;
  /** Directory for the test's own files. */
  readonly folder: string;
}

/** Starts such an app for a test file, and removes it afterwards. */
export function useProcessingApp(): ProcessingApp {
  let started: ProcessingApp | undefined;
  const get = (): ProcessingApp => {
    if (!started) throw new Error('The app has not been started yet.');
    return started;
  };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meemikansio-processing-'));
    const app = await createTestApp({ OCR: 'off' });
    started = { app, aino: await app.admin(), folder };
    await app.work();
  });
  afterAll(async () => {
    await started?.app[Symbol.asyncDispose]();
    if (started) await rm(started.folder, { recursive: true, force: true });
  });
  return {
    get app() {
      return get().app;
    },
    get aino() {
      return get().aino;
    },
    get folder() {
      return get().folder;
    },
  };
}
