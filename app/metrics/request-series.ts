import { Counter, Histogram, type Registry } from '@prometheus-io/client';

/** One answered request. `route` is the pattern of the route, never the address. */
export interface AnsweredRequest {
  method: string;
  route: string;
  status: number;
  /** Time until the head of the answer; a stream goes on after it. */
  seconds: number;
}

/**
 * Combinations of method, route and class of status that get series of their own. The app has more
 * than eighty routes, and each series costs space at the collector. A process in use answers on
 * about fifty.
 */
const MAX_COMBINATIONS = 76;
/** Strangers cause answers of 4xx on every route, so those take only a part of the places. */
const MAX_REFUSALS = 26;
const OTHER = 'other';
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** From a page of the cache to the conversion of a picture. */
const BUCKETS_SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** Counts requests by route. A combination without a place is counted under the route `other`. */
export function createRequestSeries(registry: Registry): (request: AnsweredRequest) => void {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'meemikansio_http_requests_total',
    help: 'Answered requests.',
    labelNames,
    registers,
  });
  const seconds = new Counter({
    name: 'meemikansio_http_request_seconds_total',
    help: 'Time until the heads of the answers, in all.',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'meemikansio_http_request_duration_seconds',
    help: 'Time until the head of an answer, of all routes.',
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const placed = new Set<string>();
  let refusals = 0;

  function hasPlace(combination: string, status: string): boolean {
    if (placed.has(combination)) return true;
    const refused = status === '4xx';
    if (placed.size >= MAX_COMBINATIONS || (refused && refusals >= MAX_REFUSALS)) return false;
    placed.add(combination);
    if (refused) refusals++;
    return true;
  }

  return (request) => {
    // Hono answers HEAD by the route of GET.
    const asked = request.method === 'HEAD' ? 'GET' : request.method;
    const method = METHODS.has(asked) ? asked : OTHER;
    const status = `${Math.floor(request.status / 100)}xx`;
    const labels = hasPlace(`${method} ${request.route} ${status}`, status)
      ? { method, route: request.route, status }
      : { method: OTHER, route: OTHER, status };
    requests.inc(labels);
    seconds.inc(labels, request.seconds);
    durations.observe(request.seconds);
  };
}
