import { z } from 'zod';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { lookUpLots, lotsInRange, scanLots, type DrawnFrom, type Lot } from './draw.repository.ts';
import type { PagePlan } from './plan/page-plan.ts';

/** Largest number of items of one draw. */
export const MAX_DRAWN_ITEMS = 30;

/** A place in the round through all items by their lots, which begins and ends at `start`. */
const place = z.object({
  start: z.number().min(0).max(1),
  lot: z.number().min(0).max(1),
  /** Whether the item of this lot is drawn already. */
  above: z.boolean(),
  /** Whether the round has gone on from the lowest lot. */
  wrapped: z.boolean(),
});
type DrawPlace = z.infer<typeof place>;

/** A draw: the ids in a random order, and where the next one goes on. Null: all have been drawn. */
export interface Drawn {
  ids: string[];
  next: string | null;
}

/** Items to draw from, and the plan to look them up if they are few. */
interface Source extends DrawnFrom {
  lookup: PagePlan | null;
  /** Whether the range of ids is a part of all. */
  ranged: boolean;
}

/**
 * Draws items at random. A round of draws has each item once: it goes through the lots of all items
 * from a random start. Each draw reads a bounded number of rows.
 *
 * @param cursor `next` of the draw before; undefined begins a round
 * @param until time in ms at which a search for rare matches is interrupted
 * @throws AppError invalid_cursor
 */
export async function draw(
  db: Database,
  source: Source,
  cursor: string | undefined,
  until: number,
): Promise<Drawn> {
  const from = cursor === undefined ? begin() : decodePlace(cursor);
  const few =
    (source.lookup && (await lookUpLots(db, source.lookup))) ??
    (source.ranged ? await lotsInRange(db, source) : null);
  return few ? drawFew(few, from) : drawMany(db, source, from, until);
}

function begin(): DrawPlace {
  const start = Math.random();
  return { start, lot: start, above: false, wrapped: false };
}

/** Draws from all matches. */
function drawFew(all: readonly Lot[], from: DrawPlace): Drawn {
  const isLeft = ({ lot }: Lot) => {
    const wrapped = lot < from.start;
    if (wrapped !== from.wrapped) return wrapped;
    return from.above ? lot > from.lot : lot >= from.lot;
  };
  const round = (one: Lot) => one.lot + (one.lot < from.start ? 1 : 0);
  const left = all.filter(isLeft).sort((a, b) => round(a) - round(b));
  const drawn = left.slice(0, MAX_DRAWN_ITEMS);
  const last = drawn.at(-1);
  const more = last !== undefined && left.length > drawn.length;
  return { ids: shuffled(drawn), next: more ? encodePlace(behind(last, from.start)) : null };
}

/** Reads items in the order of their lots: enough, all, or as many as the time allows. */
async function drawMany(db: Database, source: DrawnFrom, from: DrawPlace, until: number): Promise<Drawn> {
  const { start } = from;
  const drawn: Lot[] = [];
  for (let at = from; ;) {
    const limit = MAX_DRAWN_ITEMS - drawn.length;
    const window = { ...source, from: at.lot, above: at.above, to: at.wrapped ? start : 2, limit };
    const { found, next } = await scanLots(db, window);
    drawn.push(...found);
    const last = drawn.at(-1);
    if (last && drawn.length >= MAX_DRAWN_ITEMS)
      return { ids: shuffled(drawn), next: encodePlace(behind(last, start)) };
    if (next === null && at.wrapped) return { ids: shuffled(drawn), next: null };
    at = next === null ? { start, lot: 0, above: false, wrapped: true } : { ...at, lot: next, above: true };
    if (Date.now() >= until) return { ids: shuffled(drawn), next: encodePlace(at) };
  }
}

const behind = ({ lot }: Lot, start: number): DrawPlace => ({
  start,
  lot,
  above: true,
  wrapped: lot < start,
});

/** Draws all of these items at once. */
export const drawOf = (ids: readonly string[]): Drawn => ({
  ids: shuffled(ids.map((id) => ({ id }))),
  next: null,
});

/** Returns the ids in a random order (Fisher and Yates). */
function shuffled(items: readonly Pick<Lot, 'id'>[]): string[] {
  const ids = items.map(({ id }) => id);
  for (let i = ids.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [ids[i], ids[j]] = [ids[j] ?? '', ids[i] ?? ''];
  }
  return ids;
}

const encodePlace = (at: DrawPlace) => Buffer.from(JSON.stringify(at)).toString('base64url');

function decodePlace(cursor: string): DrawPlace {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('invalid_cursor', 'This cursor does not belong to this list.', { cause });
  }
}
