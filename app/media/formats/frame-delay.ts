/** A delay up to this, in milliseconds, is one that no browser keeps to … */
const TOO_SHORT_MS = 10;
/** … and this is what they wait instead. */
const REPLACEMENT_MS = 100;

/**
 * How long browsers show a frame of an animation, in milliseconds: a delay of 10 ms or less counts as 100 ms, as in
 * Chromium, Firefox and Safari (https://webkit.org/b/14413).
 */
export const frameDelayMs = (declaredMs: number): number =>
  declaredMs <= TOO_SHORT_MS ? REPLACEMENT_MS : declaredMs;
