import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import { collapseSpaces, joinQuery, splitQuery, TRASH } from '../library/query-filters.ts';

/** Typing pause before a search starts, in milliseconds: about the pause between two words. */
const DEBOUNCE_MS = 220;

/** A filter at the end that may still be typed: it is not searched for. */
const UNFINISHED = /(?:^|\s)-?(?:tag|by|in|is|type|like|sort|before|after):(?:"[^"]*"?|\S*)$/iu;

const wordsOf = (q: string) => collapseSpaces(splitQuery(q).words);

/**
 * State of the search box. The box holds words; filters are separate and stay. A filter typed into
 * the box becomes one of them once a space follows it, or on `submit(true)`.
 *
 * Input shows at once and enters the URL after a pause. The first search adds a history entry and
 * later ones replace it. "Back" therefore leaves the search as a whole.
 *
 * @param q the query in the URL, with its filters
 * @param go writes a query to the URL
 */
export function createSearchBox(q: Accessor<string>, go: (q: string, options: { replace: boolean }) => void) {
  const [typed, setTyped] = createSignal(wordsOf(q()));
  let sent = wordsOf(q());
  let timer: ReturnType<typeof setTimeout> | undefined;

  // Shows words that change elsewhere (back, a link, the logo) and ignores its own. A filter that
  // changes keeps the text.
  createEffect(
    on(
      () => wordsOf(q()),
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

  function submit(finished = false): string {
    clearTimeout(timer);
    const { words, filters } = splitQuery(typed(), !finished);
    if (filters.length > 0) setTyped(finished ? words.trim() : words);
    const wanted = collapseSpaces(finished ? words : words.replace(UNFINISHED, ''));
    // The trash cannot be searched: words lead out of it.
    const before = splitQuery(q()).filters.filter((filter) => wanted === '' || filter !== TRASH);
    const query = joinQuery({ words: wanted, filters: [...before, ...filters] });
    if (wanted === sent && filters.length === 0) return query;
    const replace = sent !== '';
    sent = wanted;
    go(query, { replace });
    return query;
  }

  return {
    typed,
    type(text: string): void {
      setTyped(text);
      clearTimeout(timer);
      timer = setTimeout(submit, DEBOUNCE_MS);
    },
    /** Searches now and returns the query. `finished` says that no more is being typed. */
    submit,
    /** Removes the words and keeps the filters. */
    clear(): void {
      setTyped('');
      submit();
    },
  };
}
