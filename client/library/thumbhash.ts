import { createSignal, type Accessor, type Setter } from 'solid-js';

const known = new Map<string, Accessor<string>>();
/** Those to be made, by their hash, in the order they were asked for. */
const waiting = new Map<string, Setter<string>>();

/**
 * The blurred placeholder of a thumbhash (base64) as a CSS image, reactive: `none` without one and until it is made, which
 * happens once for each, beside the page: one that comes a moment later moves nothing.
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
        // Without a connection the pictures come without placeholders, if they come.
        .catch(() => waiting.clear());
  }
  return placeholder();
}

/** What it stands in for is there: one that is still to be made is not made, until somebody asks again. */
export function cancelDecode(hash: string | null): void {
  if (hash && waiting.delete(hash)) known.delete(hash);
}
