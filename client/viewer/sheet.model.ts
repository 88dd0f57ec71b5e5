/** How far the details are pulled up over the picture. */
export type Sheet = 'closed' | 'half' | 'full';

const ORDER: readonly Sheet[] = ['closed', 'half', 'full'];
/** Height of each state as a share of the screen, for the nearest one to a drag's end. */
const SHARES: Record<Sheet, number> = { closed: 0.15, half: 0.5, full: 0.9 };
/** Speed of a flick, in CSS pixels per millisecond; it goes on to the next state. */
const FLICK_PX_PER_MS = 0.4;

/** The state after a press of the handle (in turn), or after an arrow key. */
export function nextSheet(now: Sheet, by: 'press' | 'up' | 'down'): Sheet {
  const at = ORDER.indexOf(now) + (by === 'down' ? -1 : 1);
  if (by === 'press') return ORDER[at % ORDER.length] ?? 'closed';
  return ORDER[Math.min(ORDER.length - 1, Math.max(0, at))] ?? now;
}

/**
 * The state after a drag.
 *
 * @param share height of the sheet's upper edge at the release, as a share of the screen
 * @param speed upwards at the release, in CSS pixels per millisecond
 */
export function settledSheet(share: number, speed: number): Sheet {
  if (speed > FLICK_PX_PER_MS) return ORDER.find((state) => SHARES[state] > share) ?? 'full';
  if (speed < -FLICK_PX_PER_MS) return ORDER.findLast((state) => SHARES[state] < share) ?? 'closed';
  const distance = (state: Sheet) => Math.abs(SHARES[state] - share);
  return ORDER.reduce((best, state) => (distance(state) < distance(best) ? state : best));
}
