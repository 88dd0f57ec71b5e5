import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js';

/** Typing pause before a search starts, in milliseconds: about the pause between two words. */
const DEBOUNCE_MS = 220;

/**
 * State of the search box. Input shows at once and enters the URL after a pause. The first search
 * adds a history entry and later ones replace it. "Back" therefore leaves the search as a whole.
 *
 * @param q the query in the URL
 * @param go writes a query to the URL
 */
export function createSearchBox(q: Accessor<string>, go: (q: string, options: { replace: boolean }) => void) {
  const [typed, setTyped] = createSignal(q());
  let sent = q();
  let timer: ReturnType<typeof setTimeout> | undefined;

  // Shows URL changes from elsewhere (back, a link, the logo) and ignores its own.
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
