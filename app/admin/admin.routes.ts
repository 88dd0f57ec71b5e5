import { Hono } from 'hono';
import { admin } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { validate } from '../http/validate.ts';
import { jobsState, retryRequest, retryResult, settings, settingsPatch, usage } from './admin.schema.ts';
import type { Admin } from './admin.service.ts';

export interface AdminDeps {
  admin: Admin;
}

const smallBody = limitBody(4_000);

/** `/api/admin`: usage, jobs and settings, for admins. */
export const adminRoutes = (deps: AdminDeps) =>
  new Hono<AppEnv>()
    .get('/settings', admin({ summary: 'Settings', scope: 'admin', answers: { 200: settings } }), async (c) =>
      c.json(await deps.admin.settings()),
    )
    .patch(
      '/settings',
      admin({ summary: 'Change settings', scope: 'admin', answers: { 200: settings } }),
      smallBody,
      validate('json', settingsPatch),
      async (c) => c.json(await deps.admin.updateSettings(c.req.valid('json'))),
    )
    .get(
      '/usage',
      admin({ summary: 'Storage by user and kind', scope: 'admin', answers: { 200: usage } }),
      async (c) => c.json(await deps.admin.usage()),
    )
    .get(
      '/jobs',
      admin({ summary: 'Queues and failed items', scope: 'admin', answers: { 200: jobsState } }),
      async (c) => c.json(await deps.admin.jobs()),
    )
    .post(
      '/jobs/retry',
      admin({
        summary: 'Repeat background work: of one failed item, of all failed items, or of every item',
        scope: 'admin',
        answers: { 200: retryResult },
      }),
      smallBody,
      validate('json', retryRequest),
      async (c) => c.json({ count: await deps.admin.retry(c.req.valid('json')) }),
    );
