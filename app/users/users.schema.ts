import { z } from 'zod';
import { role } from '../auth/auth.schema.ts';

/** A person as admins see one. */
export const person = z.object({
  id: z.uuid(),
  username: z.string(),
  role,
  disabledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** Last use of any session they still have; exact to an hour. */
  lastSeenAt: z.iso.datetime().nullable(),
});

/** `GET /api/users`: everybody, by name. */
export const personList = z.object({ items: z.array(person) });

/** `PATCH /api/users/:id` */
export const personPatch = z.object({ role, disabled: z.boolean() }).partial();

/** `POST /api/users/:id/reset`: the one time that the link is shown. */
export const resetLink = z.object({ code: z.string(), link: z.string(), expiresAt: z.iso.datetime() });

export const userId = z.object({ id: z.uuid() });

export type Person = z.infer<typeof person>;
export type PersonPatch = z.infer<typeof personPatch>;
export type ResetLink = z.infer<typeof resetLink>;
