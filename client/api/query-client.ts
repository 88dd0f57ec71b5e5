import { QueryClient } from '@tanstack/solid-query';
import { ApiError } from './errors.ts';

/** Codes that mean "not now": the same request may succeed in a moment. */
const TRANSIENT_CODES = new Set(['offline', 'unavailable', 'internal']);

/** Whether a failed read is worth another try: twice for what passes, never for a plain no. */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && TRANSIENT_CODES.has(error.code);
}

/** The cache of everything read from the server. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: shouldRetry, staleTime: 30_000 },
      mutations: { networkMode: 'always' },
    },
  });
