/** After this long, new calls bypass the running batch. */
const BYPASS_AFTER_MS = 250;

/**
 * Coalesces concurrent lookups. At most one batch runs at a time; calls made during a run join the
 * next one.
 *
 * A call never joins a run that had already started, so it always reads its own writes. A cache
 * would not. If a run fails, every caller in it gets the error.
 *
 * @param run looks up the keys; a key without a value is left out of the map
 *
 * @example
 * const findSession = coalesce((ids: readonly string[]) => selectSessions(db, ids));
 * await findSession(id); // one query for all concurrent calls
 */
export function coalesce<Key, Value>(
  run: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let running: { answers: Promise<ReadonlyMap<Key, Value>>; since: number } | null = null;
  let next: { keys: Set<Key>; answers: Promise<ReadonlyMap<Key, Value>> } | null = null;

  function begin(keys: readonly Key[]) {
    const own = { answers: run(keys), since: Date.now() };
    running = own;
    const settle = () => {
      if (running === own && next === null) running = null;
    };
    own.answers.then(settle, settle);
    return own.answers;
  }

  function beginNext() {
    const keys = [...(next?.keys ?? [])];
    next = null;
    return begin(keys);
  }

  return async (key) => {
    if (running === null) return (await begin([key])).get(key);
    if (Date.now() - running.since > BYPASS_AFTER_MS) return (await run([key])).get(key);
    next ??= { keys: new Set(), answers: running.answers.then(beginNext, beginNext) };
    next.keys.add(key);
    return (await next.answers).get(key);
  };
}
