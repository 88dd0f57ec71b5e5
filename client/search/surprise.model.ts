/** A draw of the server: ids, and where the next draw goes on; `null` at the end of the round. */
interface Drawn {
  ids: readonly string[];
  next: string | null;
}

interface SurpriseDeps {
  /** Draws items that match a query; no cursor begins a round. */
  draw: (q: string, cursor: string | undefined) => Promise<Drawn>;
  /** Tells whether an item can be shown: it may have been deleted since the draw. */
  isThere: (id: string) => Promise<boolean>;
  /** The items shown in this session, the last one last. */
  seen: { read: () => readonly string[]; write: (ids: readonly string[]) => void };
}

/** The item to show, if any, and whether all had been shown before. */
export interface Surprise {
  id: string | null;
  again: boolean;
}

/** Maximum number of remembered items. After more, the first ones may come again. */
const MAX_SEEN = 2000;

/**
 * Returns a function that finds a random item of a query, none twice in a session. After all have
 * been shown it starts over.
 */
export function createSurprise({ draw, isThere, seen }: SurpriseDeps): (q: string) => Promise<Surprise> {
  let round: { q: string; left: string[]; all: string[]; next: string | null | undefined } | undefined;

  return async (q) => {
    let again = false;
    if (round?.q !== q) round = { q, left: [], all: [], next: undefined };
    for (;;) {
      const known = seen.read();
      const id = round.left.shift();
      if (id !== undefined) {
        if (known.includes(id) || !(await isThere(id))) continue;
        seen.write([...known, id].slice(-MAX_SEEN));
        return { id, again };
      }
      if (round.next === null) {
        const all = new Set(round.all);
        const last = known.findLast((one) => all.has(one)) ?? null;
        // One item that is alone, or none at all.
        if (again || last === null || all.size === 1) return { id: last, again: again || last !== null };
        // The last one does not come twice in a row.
        seen.write(known.filter((one) => one === last || !all.has(one)));
        round = { q, left: [], all: [], next: undefined };
        again = true;
      }
      const drawn: Drawn = await draw(q, round.next ?? undefined);
      round.left.push(...drawn.ids);
      round.all.push(...drawn.ids);
      round.next = drawn.next;
    }
  };
}
