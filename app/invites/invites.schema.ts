import { z } from 'zod';
import { textField } from '../http/text.schema.ts';

/** How long an invite is good for when nobody says otherwise. */
export const INVITE_DAYS = 7;

/** `POST /api/invites` */
export const newInvite = z.object({
  /** For whom it is; seen by the one who made it and by admins. */
  note: textField(100).default(''),
  expiresInDays: z.number().int().min(1).max(90).default(INVITE_DAYS),
});

/** The one time that the link is shown: only the hash of its code is kept. */
export const createdInvite = z.object({
  id: z.uuid(),
  code: z.string(),
  link: z.string(),
  note: z.string(),
  expiresAt: z.iso.datetime(),
});

export const inviteState = z.enum(['open', 'used', 'expired', 'revoked']);

export const inviteItem = z.object({
  id: z.uuid(),
  note: z.string(),
  state: inviteState,
  /** `null` when the operator made it. */
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  usedBy: z.string().nullable(),
  usedAt: z.iso.datetime().nullable(),
});

/** `GET /api/invites`: one's own, or all of them for an admin; newest first. */
export const inviteList = z.object({ items: z.array(inviteItem), mayInvite: z.boolean() });

/** `POST /api/invites/check`: who invites, before the form is filled in. */
export const inviteInfo = z.object({ invitedBy: z.string().nullable(), expiresAt: z.iso.datetime() });

export const inviteId = z.object({ id: z.uuid() });

export type NewInvite = z.infer<typeof newInvite>;
export type CreatedInvite = z.infer<typeof createdInvite>;
export type InviteItem = z.infer<typeof inviteItem>;
export type InviteList = z.infer<typeof inviteList>;
export type InviteInfo = z.infer<typeof inviteInfo>;
