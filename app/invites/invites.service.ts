import { randomUUID } from 'node:crypto';
import { hashCode, newCode } from '../auth/secret-code.ts';
import type { SessionUser } from '../auth/sessions.service.ts';
import { readSettings } from '../admin/settings.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import {
  claimInvite,
  findInvite,
  findInviteByCode,
  findInvites,
  insertInvite,
  revokeInvite,
  type InviteRow,
} from './invites.repository.ts';
import type { CreatedInvite, InviteInfo, InviteItem, InviteList, NewInvite } from './invites.schema.ts';

/** An invite as it leaves the service: who knows the address of the folder makes the link of it. */
export type NewlyCreated = Omit<CreatedInvite, 'link'>;

export interface Invites {
  /** `by` is `null` for the operator. Errors: invites_closed. */
  create(by: SessionUser | null, invite: NewInvite): Promise<NewlyCreated>;
  /** One's own; all of them for an admin. */
  list(by: SessionUser): Promise<InviteList>;
  /** By the one who made it or an admin. Errors: not_found, not_allowed, invite_used. */
  revoke(id: string, by: SessionUser): Promise<void>;
  /** Errors (here and below): invite_unknown, invite_used, invite_expired, invite_revoked. */
  check(code: string): Promise<InviteInfo>;
  /** Lets that new person in, once. */
  use(trx: Trx, code: string, userId: string): Promise<void>;
}

export function createInvites(db: Database): Invites {
  const mayInvite = async (by: SessionUser) =>
    by.role === 'admin' || (await readSettings(db)).members_may_invite;

  return {
    async create(by, { note, expiresInDays }) {
      if (by && !(await mayInvite(by)))
        throw new AppError('invites_closed', 'Only admins invite people to this folder.');
      const code = newCode();
      const id = randomUUID();
      const createdBy = by?.id ?? null;
      const row = { id, codeHash: hashCode(code), note, createdBy, days: expiresInDays };
      const { expiresAt } = await insertInvite(db, row);
      return { id, code, note, expiresAt: expiresAt.toISOString() };
    },

    async list(by) {
      const rows = await findInvites(db, by.role === 'admin' ? null : by.id);
      return { items: rows.map(toItem), mayInvite: await mayInvite(by) };
    },

    async revoke(id, by) {
      const row = await findInvite(db, id);
      if (!row) throw new AppError('not_found', 'There is no such invite.');
      requireOwner(row.created_by, by);
      if (!(await revokeInvite(db, id))) throw unusable('used');
    },

    async check(code) {
      const row = await requireOpen(db, code);
      return { invitedBy: row.created_by_name, expiresAt: row.expires_at.toISOString() };
    },

    async use(trx, code, userId) {
      if (await claimInvite(trx, hashCode(code), userId)) return;
      await requireOpen(trx, code);
      throw unusable('unknown');
    },
  };
}

async function requireOpen(db: Database | Trx, code: string): Promise<InviteRow> {
  const row = await findInviteByCode(db, hashCode(code));
  if (!row) throw unusable('unknown');
  const state = stateOf(row);
  if (state !== 'open') throw unusable(state);
  return row;
}

function stateOf(row: InviteRow): InviteItem['state'] {
  if (row.used_at) return 'used';
  if (row.revoked_at) return 'revoked';
  return row.expired ? 'expired' : 'open';
}

const toItem = (row: InviteRow): InviteItem => ({
  id: row.id,
  note: row.note,
  state: stateOf(row),
  createdBy: row.created_by_name,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  usedBy: row.used_by_name,
  usedAt: row.used_at?.toISOString() ?? null,
});

const MESSAGES = {
  unknown: 'There is no such invite. Check that the link is whole.',
  used: 'This invite was used already. Ask for a new one.',
  expired: 'This invite has run out. Ask for a new one.',
  revoked: 'This invite was taken back. Ask for a new one.',
} as const;

const unusable = (why: keyof typeof MESSAGES) => new AppError(`invite_${why}`, MESSAGES[why]);
