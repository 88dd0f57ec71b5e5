import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { AppEnv } from '../http/env.ts';
import type { Metrics } from './metrics.service.ts';

/**
 * Counts every request by the pattern of its route. An address can hold the secret of a link, and
 * each new one would be a series.
 */
export const requestMetrics = (metrics: Pick<Metrics, 'count'> | null) =>
  createMiddleware<AppEnv>(async function requestMetrics(c, next) {
    if (metrics === null) return next();
    const started = performance.now();
    await next();
    metrics.count({
      method: c.req.method,
      // The last handler that ran: that of the route, or a middleware that refused.
      route: routePath(c),
      status: c.res.status,
      seconds: (performance.now() - started) / 1000,
    });
  });
