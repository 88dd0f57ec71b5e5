import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js';

/** Whether this page has been drawn as a whole: from then on everything comes at once. */
let drawn = false;

/** Whether there is nothing to wait for: out of sight nothing is drawn. */
export const isDrawn = () => drawn || document.hidden;

/**
 * False at first and true in a task of its own. A page that is loaded is made in several short tasks instead of a long one, so
 * that a press in between is answered (https://web.dev/articles/optimize-long-tasks). For what stands below everything before it.
 */
export function createTurn(): Accessor<boolean> {
  const [come, setCome] = createSignal(isDrawn());
  if (!come()) {
    const timer = setTimeout(() => setCome(true));
    onCleanup(() => clearTimeout(timer));
  }
  return come;
}

/** Things that one task makes, and tasks that make a few: what is left comes with the last. */
const FEW = 3;
const TASKS = 4;

/**
 * How many of a list may be there: a few more in every task, then all of them.
 *
 * @param start when to begin
 */
export function createGrowth(start: Accessor<boolean>): Accessor<number> {
  const [most, setMost] = createSignal(isDrawn() ? Infinity : 0);
  createEffect(() => {
    const now = most();
    if (!start() || now === Infinity) return;
    const last = now >= FEW * (TASKS - 1);
    const timer = setTimeout(() => setMost(last ? Infinity : now + FEW));
    drawn ||= last;
    onCleanup(() => clearTimeout(timer));
  });
  return most;
}
