/**
 * Runs `work` for every input, `width` at a time. After a failure it starts no more, waits for the
 * running ones and throws the first failure.
 *
 * @example
 * await runParallel(keys, 8, (key) => storage.delete(key));
 */
export async function runParallel<Input>(
  inputs: Iterable<Input>,
  width: number,
  work: (input: Input) => Promise<void>,
): Promise<void> {
  const waiting = inputs[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = waiting.next(); !failed && next.done !== true; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: width }, lane));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
