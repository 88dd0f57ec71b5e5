import { createSignal, type Accessor, type Setter } from 'solid-js';

export interface Placeholder {
  hash: string;
  image: Accessor<string>;
  set: Setter<string>;
}

const known = new Map<string, Placeholder>();
/** Those to be made, in the order they were asked for. */
const waiting: Placeholder[] = [];

/**
 * The blurred placeholder of a thumbhash (base64) as a CSS image, reactive: `none` without one and until it is made, which
 * happens once for each, beside the page: one that comes a moment later moves nothing.
 */
export function placeholderOf(hash: string | null): string {
  if (!hash) return 'none';
  let placeholder = known.get(hash);
  if (!placeholder) {
    const [image, set] = createSignal('none');
    known.set(hash, (placeholder = { hash, image, set }));
    if (waiting.push(placeholder) === 1)
      import('./placeholders.ts')
        .then((m) => m.makeAll(waiting))
        // Without a connection the pictures come without placeholders, if they come.
        .catch(() => (waiting.length = 0));
  }
  return placeholder.image();
}
