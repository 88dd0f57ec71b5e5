import { Hono } from 'hono';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import type { Metrics } from './metrics.service.ts';

export interface MetricsDeps {
  /** `null` without METRICS_TOKEN: nothing is measured. */
  metrics: Metrics | null;
}

/** The media type of the text format of Prometheus. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** `/api/metrics`: the figures of this process and the library, for a collector with the token. */
export const metricsRoutes = ({ metrics }: MetricsDeps) =>
  new Hono<AppEnv>().get(
    '/',
    open({
      summary: 'Figures in the text format of Prometheus, by the token of the collector',
      scope: 'any',
      answers: { 200: 'text/plain' },
      errors: ['wrong_credentials', 'not_found', 'unavailable'],
    }),
    async (c) => {
      if (metrics === null) throw new AppError('not_found', 'There is no such address in this API.');
      const [, token = ''] = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
      if (!metrics.isToken(token))
        throw new AppError('wrong_credentials', 'The token of the collector is wrong.');
      return c.body(await metrics.text(), 200, { 'content-type': CONTENT_TYPE });
    },
  );
