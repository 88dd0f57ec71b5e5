/** Maximum length of an id that a client sends back: a snapshot names every open transaction. */
const MAX_ID_LENGTH = 4000;
const ID = /^(\d{1,12})\.(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/;

/**
 * Writes the position of a reader as the id of a server-sent event. It has the time in seconds and
 * the database snapshot. A browser sends it back when it reconnects (`Last-Event-ID`).
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
 */
export const eventId = (snapshot: string, now = Date.now()): string =>
  `${Math.floor(now / 1000)}.${snapshot}`;

/**
 * Returns the snapshot of an id that is at most `maxAgeSeconds` old. Otherwise `null`, as for an id
 * that this server did not write. PostgreSQL refuses a snapshot whose numbers are not in order.
 */
export function snapshotOf(id: string | undefined, maxAgeSeconds: number, now = Date.now()): string | null {
  if (id === undefined || id.length > MAX_ID_LENGTH) return null;
  const [, seconds, min, max, open] = ID.exec(id) ?? [];
  if (seconds === undefined || min === undefined || max === undefined || open === undefined) return null;
  const age = now / 1000 - Number(seconds);
  if (age < -1 || age > maxAgeSeconds) return null;
  const numbers = open === '' ? [] : open.split(',').map(BigInt);
  const [first, last] = [BigInt(min), BigInt(max)];
  const isOrdered =
    first > 0n &&
    first <= last &&
    last < 1n << 63n &&
    numbers.every((xact, at) => xact >= first && xact < last && (at === 0 || xact > (numbers[at - 1] ?? 0n)));
  return isOrdered ? `${min}:${max}:${open}` : null;
}
