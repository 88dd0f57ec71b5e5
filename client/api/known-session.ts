/** A sign-in as the server last told of it. */
export interface KnownSession {
  /** Number of times that the server has said who is signed in. */
  count: number;
  /** Id of the last person who was; empty before the first. */
  userId: string;
}

let session: KnownSession = { count: 0, userId: '' };

/** Returns what is known now. A request keeps it until its answer. */
export const knownSession = (): KnownSession => session;

/** Notes an answer that says who is signed in, a sign-in included. */
export function noteSession(userId: string | null): void {
  session = { count: session.count + 1, userId: userId ?? session.userId };
}

/**
 * Tells what a refusal (401) means. It is `outdated` if the server has said since the request who
 * is signed in: sent again, the request succeeds. A change of one person is not sent as another.
 *
 * @param before what was known at the request
 */
export function refusalOf(before: KnownSession, method = 'GET'): 'final' | 'outdated' | 'of-another' {
  if (before.count === session.count) return 'final';
  return method === 'GET' || before.userId === session.userId ? 'outdated' : 'of-another';
}
