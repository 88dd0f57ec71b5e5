import { createSignal, onCleanup } from 'solid-js';

/** How long a finger holds a still picture until it is selected, in milliseconds: as long as Android's own long press. */
const SELECT_MS = 450;
/** One that moves plays first, and goes on playing when the finger leaves; held on, it is selected too. */
const PLAY_MS = 350;
const SELECT_MOVING_MS = 850;
/** A finger that moved so far, in CSS pixels, scrolls. */
const SLACK_PX = 10;

interface PressHooks {
  /** The picture a finger is on, if it is on one. */
  idOf: (target: EventTarget | null) => string | null;
  moves: (id: string) => boolean;
  select: (id: string) => void;
}

/**
 * What a finger does that stays on a picture. A tap opens, a drag scrolls (the browser says so by cancelling the pointer),
 * and neither is delayed. After a hold, the click that follows is swallowed.
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
      // Not everywhere: iOS has none, and some browsers want a tap first.
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
    /** The picture that plays because it was held. */
    held,
    /** Whether a click is only the end of a hold; asking takes it. */
    swallowed(): boolean {
      const was = swallow;
      swallow = false;
      return was;
    },
    /** Listens on the list of pictures. */
    attach(list: Pick<HTMLElement, 'addEventListener'>): void {
      list.addEventListener('pointerdown', down);
      list.addEventListener('pointermove', move, { passive: true });
      list.addEventListener('pointerup', end);
      list.addEventListener('pointercancel', end);
      // The browser's own menu of a link would end the hold; a mouse still gets it.
      list.addEventListener('contextmenu', (event) => {
        if (start || swallow) event.preventDefault();
      });
    },
  };
}
