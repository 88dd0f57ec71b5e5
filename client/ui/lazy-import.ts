import { createSignal, type Accessor } from 'solid-js';

/**
 * Imports an optional module: `undefined` until it is requested and loaded. After a failed import
 * (offline) it retries on the next request and when the network returns.
 *
 * @param onMissing called with the error of a failed import
 */
export function createLazyImport<Part>(
  importModule: () => Promise<Part>,
  onMissing?: (thrown: unknown) => void,
): {
  module: Accessor<Part | undefined>;
  load: () => void;
} {
  const [module, setModule] = createSignal<Part>();
  let requested = false;
  const load = () => {
    if (requested) return;
    requested = true;
    importModule().then(
      (loaded) => setModule(() => loaded),
      (thrown: unknown) => {
        requested = false;
        window.addEventListener('online', load, { once: true });
        onMissing?.(thrown);
      },
    );
  };
  return { module, load };
}
