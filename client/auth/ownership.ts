import type { User } from '../../app/auth/auth.schema.ts';

/**
 * Whether a user may change an item or a collection: its owner and every admin may. Only admins, if
 * it is not known yet. The server decides by the same rule.
 */
export const isOwnerOrAdmin = (
  user: Pick<User, 'id' | 'role'>,
  owned: { owner: { id: string } } | undefined,
): boolean => user.role === 'admin' || owned?.owner.id === user.id;
