/** Time without use after which a visible page sleeps, in milliseconds. */
export const IDLE_MS = 4 * 60_000;
/** Time after which a hidden page sleeps, in milliseconds. */
export const HIDDEN_MS = 60_000;

const USES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'scroll', 'touchstart'] as const;

/** The parts of the browser's page that tell whether somebody uses it. */
export interface PageSignals {
  document: EventTarget & { readonly hidden: boolean };
  window: EventTarget;
}

/**
 * Tells whether somebody uses the page. A page sleeps when it is unused, hidden for a while or
 * frozen. A container that scales to zero can then sleep, too. Use or becoming visible wakes it.
 *
 * @param onChange called with `false` when the page falls asleep, with `true` when it wakes
 */
export function createWakefulness({ document, window }: PageSignals, onChange: (awake: boolean) => void) {
  const listeners = new AbortController();
  const { signal } = listeners;
  let awake = !document.hidden;
  let usedAt = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (next: boolean) => {
    if (next === awake) return;
    awake = next;
    onChange(next);
  };
  const sleep = () => {
    clearTimeout(timer);
    set(false);
  };
  const watch = (left: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const rest = document.hidden ? 0 : usedAt + IDLE_MS - performance.now();
      if (rest > 0) watch(rest);
      else sleep();
    }, left);
  };
  const use = () => {
    usedAt = performance.now();
    if (awake || document.hidden) return;
    watch(IDLE_MS);
    set(true);
  };
  const seen = () => {
    if (document.hidden) {
      if (awake) watch(HIDDEN_MS);
      return;
    }
    watch(IDLE_MS);
    use();
  };

  for (const type of USES) window.addEventListener(type, use, { passive: true, capture: true, signal });
  document.addEventListener('visibilitychange', seen, { signal });
  // A frozen page, and a page in the back/forward cache, cannot close anything later.
  document.addEventListener('freeze', sleep, { signal });
  document.addEventListener('resume', seen, { signal });
  window.addEventListener('pagehide', sleep, { signal });
  window.addEventListener('pageshow', seen, { signal });
  if (awake) watch(IDLE_MS);

  return {
    isAwake: () => awake,
    stop(): void {
      listeners.abort();
      clearTimeout(timer);
    },
  };
}
