import { createSignal, type Accessor } from 'solid-js';

/**
 * A part of the page it can do without: `undefined` until it is wanted and loaded. One that cannot be loaded (no connection)
 * is tried again the next time it is wanted, and when there is a network again.
 *
 * @param onMissing told why it could not be had
 */
export function createLazyImport<Part>(
  load: () => Promise<Part>,
  onMissing?: (thrown: unknown) => void,
): {
  part: Accessor<Part | undefined>;
  want: () => void;
} {
  const [part, setPart] = createSignal<Part>();
  let asked = false;
  const want = () => {
    if (asked) return;
    asked = true;
    load().then(
      (loaded) => setPart(() => loaded),
      (thrown: unknown) => {
        asked = false;
        window.addEventListener('online', want, { once: true });
        onMissing?.(thrown);
      },
    );
  };
  return { part, want };
}
