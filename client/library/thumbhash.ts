import { createSignal, type Accessor, type Setter } from 'solid-js';

const known = new Map<string, Accessor<string>>();
/** Decode queue by hash, in request order. */
const waiting = new Map<string, Setter<string>>();

/**
 * CSS image of a thumbhash (base64), reactive. It is `none` without a hash and until decoded. Each
 * hash is decoded once, in the background; a late placeholder causes no layout shift.
 */
export function thumbhashPlaceholder(hash: string | null): string {
  if (!hash) return 'none';
  let placeholder = known.get(hash);
  if (!placeholder) {
    const [image, set] = createSignal('none');
    known.set(hash, (placeholder = image));
    waiting.set(hash, set);
    if (waiting.size === 1)
      import('./thumbhash-decoder.ts')
        .then((m) => m.decodeAll(waiting))
        // Without a connection, images load without placeholders.
        .catch(() => waiting.clear());
  }
  return placeholder();
}

/** Cancels a pending decode, because the real image has loaded. A later request queues it again. */
export function cancelDecode(hash: string | null): void {
  if (hash && waiting.delete(hash)) known.delete(hash);
}
