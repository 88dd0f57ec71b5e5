import { Hono } from 'hono';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { healthStatus, readiness } from './health.schema.ts';
import type { HealthService } from './health.service.ts';

/** `/api/health` and `/api/ready`: whether this process lives, and whether it can work. */
export const healthRoutes = (health: HealthService) =>
  new Hono<AppEnv>()
    .get(
      '/health',
      open({ summary: 'Whether the process lives', scope: 'any', answers: { 200: healthStatus } }),
      (c) => c.json({ status: 'ok' as const, revision: health.revision }),
    )
    .get(
      '/ready',
      open({
        summary: 'Whether database and storage can be reached, and when the last backup was made',
        scope: 'any',
        answers: { 200: readiness, 503: readiness },
      }),
      async (c) => {
        const report = await health.report();
        return c.json(report, report.ready ? 200 : 503);
      },
    );
