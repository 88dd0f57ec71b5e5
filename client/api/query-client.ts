import { QueryClient } from '@tanstack/solid-query';
import { ApiError } from './errors.ts';

/** Codes of transient errors: the same request may succeed a moment later. */
const TRANSIENT_CODES = new Set(['offline', 'unavailable', 'internal']);

/** Whether to retry a failed read: twice for transient errors, never for a final refusal. */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && TRANSIENT_CODES.has(error.code);
}

/** Creates the cache of all data read from the server. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: { queries: { retry: shouldRetry, staleTime: 30_000 } },
  });
