import { createSignal, type Accessor } from 'solid-js';

/**
 * A part of the page it can do without: `undefined` until it is wanted and loaded. Unlike a lazy component, one that cannot
 * be loaded (no connection) breaks nothing; the next time it is wanted it is tried again.
 */
export function createOptional<Part>(load: () => Promise<Part>): {
  part: Accessor<Part | undefined>;
  want: () => void;
} {
  const [part, setPart] = createSignal<Part>();
  let asked = false;
  return {
    part,
    want() {
      if (asked) return;
      asked = true;
      load().then(
        (loaded) => setPart(() => loaded),
        () => {
          asked = false;
        },
      );
    },
  };
}
