import type { Config } from '../config.ts';
import type { Tracing } from './tracing.ts';

/** Starts the traces if a collector is configured. Loads OpenTelemetry only then. */
export async function openTracing({ tracing, revision }: Config): Promise<Tracing | null> {
  if (tracing === null) return null;
  const { createTracing } = await import('./tracing.ts');
  return createTracing({ ...tracing, revision });
}
