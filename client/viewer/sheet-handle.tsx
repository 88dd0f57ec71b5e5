import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { nextSheet, settledSheet, type Sheet } from './sheet.model.ts';
import './sheet.css';

/** Maximum movement of a tap on the handle, in CSS pixels. */
const TAP_MAX_PX = 6;
/** The speed at the release counts the movement of this time, in milliseconds. */
const SPEED_WINDOW_MS = 80;

/**
 * The handle of the details on a phone. A drag pulls the sheet, a press takes its next state, and
 * the arrow keys step.
 */
export function SheetHandle(props: { sheet: Sheet; onChange: (next: Sheet) => void }) {
  const t = useMediaDictionary();
  let handle!: HTMLButtonElement;
  let pulled: { id: number; from: number; height: number; moves: { y: number; time: number }[] } | null =
    null;
  let dragged = false;

  const sheet = () => handle.parentElement;
  const letGo = () => {
    pulled = null;
    sheet()?.removeAttribute('data-dragged');
  };

  const onDown = (event: PointerEvent) => {
    if (pulled) return;
    dragged = false;
    const height = sheet()?.offsetHeight ?? 0;
    pulled = { id: event.pointerId, from: event.clientY, height, moves: [] };
    handle.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent) => {
    if (event.pointerId !== pulled?.id) return;
    const moved = pulled.from - event.clientY;
    if (!dragged && Math.abs(moved) <= TAP_MAX_PX) return;
    dragged = true;
    pulled.moves.push({ y: event.clientY, time: event.timeStamp });
    sheet()?.setAttribute('data-dragged', '');
    sheet()?.style.setProperty('--dragged', `${Math.max(0, pulled.height + moved)}px`);
  };
  const onUp = (event: PointerEvent) => {
    if (event.pointerId !== pulled?.id) return;
    const { moves } = pulled;
    letGo();
    if (!dragged) return;
    const first = moves.find(({ time }) => event.timeStamp - time <= SPEED_WINDOW_MS);
    const speed = first ? (first.y - event.clientY) / Math.max(1, event.timeStamp - first.time) : 0;
    props.onChange(settledSheet(1 - event.clientY / window.innerHeight, speed));
    // A mouse clicks at once after its drag, a finger does not.
    setTimeout(() => (dragged = false));
  };

  return (
    <button
      ref={handle}
      type="button"
      class="sheet-handle"
      aria-label={t('view.details')}
      aria-expanded={props.sheet !== 'closed'}
      aria-keyshortcuts="i"
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={letGo}
      onClick={() => {
        if (!dragged) props.onChange(nextSheet(props.sheet, 'press'));
      }}
      on:keydown={(event) => {
        // A zoomed picture has taken its arrow keys.
        if (event.defaultPrevented || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        props.onChange(nextSheet(props.sheet, event.key === 'ArrowUp' ? 'up' : 'down'));
        event.preventDefault();
      }}
    />
  );
}
