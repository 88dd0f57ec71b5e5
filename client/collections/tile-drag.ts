/** Movement in CSS pixels from which a press is a drag. */
const SLACK_PX = 8;
/** Distance to the edge of the screen at which a drag scrolls, and its step, in CSS pixels. */
const EDGE_PX = 60;
const SCROLL_STEP_PX = 24;

type Side = 'before' | 'after';

interface TileDragHooks {
  idAt: (target: EventTarget | null) => string | null;
  /** Called with the dragged item, and the one that it was dropped beside. */
  onDrop: (id: string, onto: string, side: Side) => void;
}

/**
 * Lets the mouse drag tiles. A finger selects and scrolls instead. Escape ends a drag without a
 * change.
 *
 * @returns a function that ends it
 */
export function createTileDrag({ idAt, onDrop }: TileDragHooks): () => void {
  let start: { id: string; x: number; y: number } | null = null;
  let drag: { id: string; onto: string | null; side: Side } | null = null;

  const tile = (id: string) => document.querySelector<HTMLElement>(`.tile[data-id="${id}"]`);
  const clearMark = () => {
    for (const marked of document.querySelectorAll<HTMLElement>('.tile[data-drop]'))
      delete marked.dataset['drop'];
  };
  const end = () => {
    if (drag) delete tile(drag.id)?.dataset['dragged'];
    clearMark();
    start = null;
    drag = null;
  };

  const down = (event: PointerEvent) => {
    const id = idAt(event.target);
    const onControl =
      event.target instanceof Element && event.target.closest('button, .tile-info a') !== null;
    if (event.pointerType !== 'mouse' || event.button !== 0 || id === null || onControl) return;
    start = { id, x: event.clientX, y: event.clientY };
  };
  const move = (event: PointerEvent) => {
    if (!start) return;
    if (!drag) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < SLACK_PX) return;
      drag = { id: start.id, onto: null, side: 'after' };
      const dragged = tile(start.id);
      if (dragged) dragged.dataset['dragged'] = '';
    }
    if (event.clientY < EDGE_PX) window.scrollBy({ top: -SCROLL_STEP_PX, behavior: 'instant' });
    if (event.clientY > window.innerHeight - EDGE_PX)
      window.scrollBy({ top: SCROLL_STEP_PX, behavior: 'instant' });
    const onto = idAt(document.elementFromPoint(event.clientX, event.clientY));
    const element = onto === null || onto === drag.id ? null : tile(onto);
    clearMark();
    drag.onto = element ? onto : null;
    if (!element) return;
    const box = element.getBoundingClientRect();
    drag.side = event.clientX < box.left + box.width / 2 ? 'before' : 'after';
    element.dataset['drop'] = drag.side;
  };
  const up = () => {
    if (drag) {
      // The click that follows would open the item.
      document.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => document.removeEventListener('click', swallow, { capture: true }));
      if (drag.onto !== null) onDrop(drag.id, drag.onto, drag.side);
    }
    end();
  };
  const swallow = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && drag) {
      event.preventDefault();
      end();
    }
  };

  document.addEventListener('pointerdown', down);
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', up);
  document.addEventListener('pointercancel', end);
  document.addEventListener('keydown', key);
  return () => {
    end();
    document.removeEventListener('pointerdown', down);
    document.removeEventListener('pointermove', move);
    document.removeEventListener('pointerup', up);
    document.removeEventListener('pointercancel', end);
    document.removeEventListener('keydown', key);
  };
}
