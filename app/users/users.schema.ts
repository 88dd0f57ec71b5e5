import { z } from 'zod';
import { role } from '../auth/auth.schema.ts';

/** A user as admins see it. */
export const userDetails = z.object({
  id: z.uuid(),
  username: z.string(),
  role,
  disabledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** Last use of any live session; exact to an hour. */
  lastSeenAt: z.iso.datetime().nullable(),
});

/** `GET /api/users`: all users, by name. */
export const userList = z.object({ items: z.array(userDetails) });

/** `PATCH /api/users/:id` */
export const userPatch = z.object({ role, disabled: z.boolean() }).partial();

/** `POST /api/users/:id/reset`: the only answer that contains the link. */
export const resetLink = z.object({ code: z.string(), link: z.string(), expiresAt: z.iso.datetime() });

export const userId = z.object({ id: z.uuid() });

export type UserDetails = z.infer<typeof userDetails>;
export type UserPatch = z.infer<typeof userPatch>;
export type ResetLink = z.infer<typeof resetLink>;
