import type { UsageRow } from '../../app/admin/admin.schema.ts';

export type Kind = UsageRow['kind'];
export const KINDS = ['image', 'animation', 'video'] as const satisfies Kind[];

/** Storage used by one user's originals, in bytes. */
export interface UserUsage {
  username: string;
  bytes: Record<Kind, number>;
  total: number;
}

/** Groups the rows of a report by user, the largest first. */
export function usageByUser(rows: readonly UsageRow[]): UserUsage[] {
  const people = new Map<string, UserUsage>();
  for (const { userId, username, kind, bytes } of rows) {
    const person = people.get(userId) ?? { username, bytes: { image: 0, animation: 0, video: 0 }, total: 0 };
    person.bytes[kind] += bytes;
    person.total += bytes;
    people.set(userId, person);
  }
  return [...people.values()].sort((a, b) => b.total - a.total);
}
