import { z } from 'zod';
import { textField } from '../http/text.schema.ts';
import { INVITE_DAYS, MAX_INVITE_DAYS, MAX_INVITE_NOTE_UNITS } from './invites.limits.ts';

/** `POST /api/invites` */
export const newInvite = z.object({
  /** A memo about the recipient; visible to the creator and to admins. */
  note: textField(MAX_INVITE_NOTE_UNITS).default(''),
  expiresInDays: z.number().int().min(1).max(MAX_INVITE_DAYS).default(INVITE_DAYS),
});

/** The only answer that contains the link: the database keeps a hash of the code. */
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

/** `GET /api/invites`: the user's own, or all for an admin; newest first. */
export const inviteList = z.object({ items: z.array(inviteItem), mayInvite: z.boolean() });

/** `POST /api/invites/check`: the inviting user, shown before the form is filled in. */
export const inviteInfo = z.object({ invitedBy: z.string().nullable(), expiresAt: z.iso.datetime() });

export const inviteId = z.object({ id: z.uuid() });

export type NewInvite = z.infer<typeof newInvite>;
export type CreatedInvite = z.infer<typeof createdInvite>;
export type InviteItem = z.infer<typeof inviteItem>;
export type InviteList = z.infer<typeof inviteList>;
export type InviteInfo = z.infer<typeof inviteInfo>;
