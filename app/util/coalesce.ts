/** A run that takes longer than this is not waited for: whoever comes then asks alone. */
const PATIENCE_MS = 250;

/**
 * Answers many questions with one run at a time: who asks while one is under way shares the next with all who ask meanwhile.
 * Nobody gets an answer that was begun before they asked, so everybody sees what they have just written; that is what sets it apart
 * from a cache. An error goes to all who share the run.
 * @param run answers every one of the keys that has an answer
 */
export function batchRuns<Key, Value>(
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
    if (Date.now() - running.since > PATIENCE_MS) return (await run([key])).get(key);
    next ??= { keys: new Set(), answers: running.answers.then(beginNext, beginNext) };
    next.keys.add(key);
    return (await next.answers).get(key);
  };
}
