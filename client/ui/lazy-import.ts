import { createSignal, type Accessor } from 'solid-js';

/**
 * Imports an optional module: `undefined` until it is wanted and loaded. After a failed import
 * (offline) it retries on the next request and when the network returns.
 *
 * @param onMissing called with the error of a failed import
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
