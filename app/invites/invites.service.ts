import { randomUUID } from 'node:crypto';
import { lockUser } from '../auth/auth.repository.ts';
import { hashCode, newCode } from '../auth/secret-code.ts';
import type { SessionUser } from '../http/env.ts';
import { readSettings } from '../admin/settings.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled, requireOwner } from '../http/access.ts';
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

/** A new invite without its link. The routes add the link, because they know the public address. */
export type NewlyCreated = Omit<CreatedInvite, 'link'>;

export interface Invites {
  /**
   * Creates an invite. `by` is `null` for the operator. Errors: `invites_closed`, `not_signed_in`.
   */
  create(by: SessionUser | null, invite: NewInvite): Promise<NewlyCreated>;
  /** Lists the user's own invites; all of them for an admin. */
  list(by: SessionUser): Promise<InviteList>;
  /**
   * Revokes an invite of the user; an admin may revoke any. Errors: `not_found`, `not_allowed`,
   * `invite_used`.
   */
  revoke(id: string, by: SessionUser): Promise<void>;
  /**
   * Checks a code. Errors (here and below): `invite_unknown`, `invite_used`, `invite_expired`,
   * `invite_revoked`.
   */
  check(code: string): Promise<InviteInfo>;
  /** Uses the invite for that new user, once. */
  use(trx: Trx, code: string, userId: string): Promise<void>;
}

export function createInvites(db: Database): Invites {
  const mayInvite = async (handle: Database | Trx, by: { role: string }) =>
    by.role === 'admin' || (await readSettings(handle)).members_may_invite;

  /** Locks the account, so that no invite of a user being disabled stays open. */
  async function requireInviter(trx: Trx, by: SessionUser): Promise<void> {
    const account = requireEnabled(await lockUser(trx, by.id));
    if (!(await mayInvite(trx, account)))
      throw new AppError('invites_closed', 'Only admins can invite people.');
  }

  return {
    async create(by, { note, expiresInDays }) {
      const code = newCode();
      const id = randomUUID();
      const createdBy = by?.id ?? null;
      const row = { id, codeHash: hashCode(code), note, createdBy, days: expiresInDays };
      const { expiresAt } = await inTransaction(db, async (trx) => {
        if (by) await requireInviter(trx, by);
        return insertInvite(trx, row);
      });
      return { id, code, note, expiresAt: expiresAt.toISOString() };
    },

    async list(by) {
      const rows = await findInvites(db, by.role === 'admin' ? null : by.id);
      return { items: rows.map(toItem), mayInvite: await mayInvite(db, by) };
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
  used: 'This invite was already used. Ask for a new one.',
  expired: 'This invite has expired. Ask for a new one.',
  revoked: 'This invite was revoked. Ask for a new one.',
} as const;

const unusable = (why: keyof typeof MESSAGES) => new AppError(`invite_${why}`, MESSAGES[why]);
