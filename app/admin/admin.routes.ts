import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { admin } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { retryRequest, settingsPatch } from './admin.schema.ts';
import type { Admin } from './admin.service.ts';

export interface AdminDeps {
  admin: Admin;
}

const smallBody = bodyLimit({ maxSize: 4_000 });

/** `/api/admin`: usage, jobs and settings, for admins. */
export const adminRoutes = (deps: AdminDeps) =>
  new Hono<AppEnv>()
    .get('/settings', admin, async (c) => c.json(await deps.admin.settings()))
    .patch('/settings', admin, smallBody, validate('json', settingsPatch), async (c) =>
      c.json(await deps.admin.updateSettings(c.req.valid('json'))),
    )
    .get('/usage', admin, async (c) => c.json(await deps.admin.usage()))
    .get('/jobs', admin, async (c) => c.json(await deps.admin.jobs()))
    .post('/jobs/retry', admin, smallBody, validate('json', retryRequest), async (c) =>
      c.json({ count: await deps.admin.retry(c.req.valid('json')) }),
    );
