/** Browsers replace a delay of up to this many milliseconds … */
const MAX_REPLACED_DELAY_MS = 10;
/** … by this one. */
const REPLACEMENT_DELAY_MS = 100;

/**
 * Returns the delay of an animation frame as browsers show it, in milliseconds. A delay of 10 ms or
 * less counts as 100 ms, as in Chromium, Firefox and Safari (https://webkit.org/b/14413).
 */
export const frameDelayMs = (declaredMs: number): number =>
  declaredMs <= MAX_REPLACED_DELAY_MS ? REPLACEMENT_DELAY_MS : declaredMs;
