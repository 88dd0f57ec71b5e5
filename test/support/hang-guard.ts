/**
 * A test that takes this long hangs. It is no judgement of speed: `npm run bench` measures that.
 * The slowest file takes three minutes alone, and four times as long beside other work.
 */
export const TEST_HANGS_AFTER_MS = 1_200_000;

/** A wait that takes this long hangs: for a start, a job, a background read of a picture. */
export const WAIT_HANGS_AFTER_MS = 240_000;
