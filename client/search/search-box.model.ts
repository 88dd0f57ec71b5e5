import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js';

/** How long typing rests before it is searched for, in milliseconds: about the pause between two words. */
const DEBOUNCE_MS = 220;

/**
 * The search box: what is typed shows at once, and goes into the address when typing rests. The first search of a visit
 * makes a step in the history, typing on does not, so that "back" leaves the search as a whole.
 *
 * @param q what the address says
 * @param go puts a search into the address
 */
export function createSearch(q: Accessor<string>, go: (q: string, options: { replace: boolean }) => void) {
  const [typed, setTyped] = createSignal(q());
  let sent = q();
  let timer: ReturnType<typeof setTimeout> | undefined;

  // An address changed by someone else (back, a link, the logo) is shown; our own comes back as something we know.
  createEffect(
    on(
      q,
      (now) => {
        if (now === sent) return;
        clearTimeout(timer);
        sent = now;
        setTyped(now);
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));

  function submit(): void {
    clearTimeout(timer);
    const wanted = typed().trim();
    if (wanted === sent) return;
    const replace = sent !== '';
    sent = wanted;
    go(wanted, { replace });
  }

  return {
    typed,
    type(text: string): void {
      setTyped(text);
      clearTimeout(timer);
      timer = setTimeout(submit, DEBOUNCE_MS);
    },
    submit,
    clear(): void {
      setTyped('');
      submit();
    },
  };
}
