/**
 * Returns and prints the seed of a random test: `usual`, or the number in SEED, which repeats a
 * run.
 */
export function testSeed(usual: number): number {
  const seed = Number(process.env['SEED'] ?? usual);
  process.stdout.write(`random test: SEED=${seed} repeats this run\n`);
  return seed;
}

/** Makes a reproducible generator: a linear congruential generator (Numerical Recipes). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}
