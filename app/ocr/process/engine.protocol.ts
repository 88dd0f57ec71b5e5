/** What the parent asks of the engine process: the text of one picture, or of the frames of one moving picture. */
export interface ReadRequest {
  id: number;
  files: readonly string[];
}

/** The engine's answer to the request with the same id, and its resident memory by then, megabytes (2^20). */
export type ReadReply = { id: number; memoryMb: number } & ({ text: string } | { error: string });

/** Start-up settings of the engine process, as JSON in its first argument. */
export interface EngineSettings {
  modelsDir: string;
  /** Resident memory in megabytes (2^20) over which the process ends itself. */
  memoryLimitMb: number;
}
