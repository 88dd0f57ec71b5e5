import { Registry } from '@prometheus-io/client';
import { isSameSecret } from '../util/same-secret.ts';
import { createLibraryGauges, type LibraryDeps } from './library-gauges.ts';
import { createProcessGauges } from './process-gauges.ts';
import { createRequestSeries, type AnsweredRequest } from './request-series.ts';

/** The metrics of one process, in a registry of their own. */
export interface Metrics {
  /** Tells whether this is the token of METRICS_TOKEN. */
  isToken(given: string): boolean;
  /** Counts an answered request. */
  count(request: AnsweredRequest): void;
  /** Returns all series in the text format of Prometheus: at most 200. */
  text(): Promise<string>;
  /** Ends the measurement of the event loop. */
  stop(): void;
}

/**
 * Creates the metrics of this process.
 *
 * @param token what a collector sends
 * @param revision of the running build
 */
export function createMetrics(deps: LibraryDeps & { token: string; revision: string }): Metrics {
  const registry = new Registry();
  const count = createRequestSeries(registry);
  const readLibrary = createLibraryGauges(registry, deps);
  const stop = createProcessGauges(registry, deps.revision);
  return {
    isToken: (given) => isSameSecret(given, deps.token),
    count,
    stop,
    async text() {
      await readLibrary();
      return registry.metrics();
    },
  };
}
