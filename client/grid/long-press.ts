import { createSignal, onCleanup } from 'solid-js';

/**
 * Time until a long press selects a still image, in milliseconds: the same as Android's long press.
 */
const SELECT_MS = 450;
/**
 * Time until a long press plays an animation. It plays on after release; a longer press also
 * selects it.
 */
const PLAY_MS = 350;
const SELECT_MOVING_MS = 850;
/** Movement in CSS pixels from which a touch counts as scrolling. */
const SLACK_PX = 10;

interface PressHooks {
  /** Id of the item at an event's target, if any. */
  idOf: (target: EventTarget | null) => string | null;
  moves: (id: string) => boolean;
  select: (id: string) => void;
}

/**
 * Detects long presses. A tap opens and a drag scrolls (the browser cancels the pointer); neither
 * is delayed. After a long press, the click that follows is swallowed.
 */
export function createLongPress(hooks: PressHooks) {
  const [held, setHeld] = createSignal<string | null>(null);
  let timers: ReturnType<typeof setTimeout>[] = [];
  let start: { x: number; y: number } | null = null;
  let swallow = false;

  const end = () => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    start = null;
  };
  onCleanup(end);

  const down = (event: PointerEvent) => {
    end();
    swallow = false;
    const id = event.pointerType === 'mouse' || !event.isPrimary ? null : hooks.idOf(event.target);
    if (held() !== id) setHeld(null);
    if (id === null) return;
    start = { x: event.clientX, y: event.clientY };
    const select = () => {
      swallow = true;
      hooks.select(id);
      // Optional: iOS has no vibration, and some browsers require a tap first.
      navigator.vibrate?.(10);
    };
    if (hooks.moves(id)) {
      const play = () => {
        swallow = true;
        setHeld(id);
      };
      timers = [setTimeout(play, PLAY_MS), setTimeout(select, SELECT_MOVING_MS)];
    } else timers = [setTimeout(select, SELECT_MS)];
  };
  const move = (event: PointerEvent) => {
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK_PX) end();
  };

  return {
    /** Id of the item that plays because of a long press. */
    held,
    /** Whether the current click ends a long press. Calling it resets the state. */
    swallowed(): boolean {
      const was = swallow;
      swallow = false;
      return was;
    },
    /** Attaches the listeners to the list. */
    attach(list: Pick<HTMLElement, 'addEventListener'>): void {
      list.addEventListener('pointerdown', down);
      list.addEventListener('pointermove', move, { passive: true });
      list.addEventListener('pointerup', end);
      list.addEventListener('pointercancel', end);
      // Suppresses the link's context menu, which would end a long press. A mouse still gets it.
      list.addEventListener('contextmenu', (event) => {
        if (start || swallow) event.preventDefault();
      });
    },
  };
}
