import { createSignal, onCleanup, type Accessor } from 'solid-js';

/** Upright phones and narrow windows, as in the style sheets: the details are a sheet. */
const UPRIGHT = '(width < 33rem) or ((width < 56rem) and (aspect-ratio < 1))';
/** A phone on its side: the actions stand at the edge. */
const RAIL = '(33rem <= width < 64rem) and (height < 30rem) and (aspect-ratio >= 1)';

/** Whether the viewer has one of its phone layouts, in which a picture opens without details. */
export function createPhoneLayout(): Accessor<boolean> {
  const query = matchMedia(`${UPRIGHT}, ${RAIL}`);
  const [matches, setMatches] = createSignal(query.matches);
  const update = () => setMatches(query.matches);
  query.addEventListener('change', update);
  onCleanup(() => query.removeEventListener('change', update));
  return matches;
}
