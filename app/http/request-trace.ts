import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Trace } from '../util/trace.ts';
import type { AppEnv } from './env.ts';

/** Traces every request, named by the pattern of its route. Ends with the head of the answer. */
export const requestTrace = (trace: Trace | null) =>
  createMiddleware<AppEnv>(async function requestTrace(c, next) {
    if (trace === null) return next();
    const method = c.req.method;
    await trace.run(method, 'server', { 'http.request.method': method }, async (span) => {
      await next();
      // A span of the visitor is not continued: everybody could switch tracing on.
      const route = routePath(c);
      span.name(`${method} ${route}`);
      span.set({ 'http.route': route, 'http.response.status_code': c.res.status });
      if (c.res.status >= 500) span.fail();
    });
  });
