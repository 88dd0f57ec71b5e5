import type { ReadText } from '../read-text.ts';

/** Request to the engine process: one picture, or the frames of one moving picture. */
export interface ReadRequest {
  id: number;
  files: readonly string[];
}

/** Reply to the request with the same id, with the resident memory afterwards, megabytes (2^20). */
export type ReadReply = { id: number; memoryMb: number } & (ReadText | { error: string });

/** Start-up settings of the engine process, JSON in its first argument. */
export interface EngineSettings {
  modelsDir: string;
  /** Limit of resident memory, megabytes (2^20). Beyond it the process ends itself. */
  memoryLimitMb: number;
}
