import { useIsRouting } from '@solidjs/router';
import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js';

/** Whether a search was submitted whose first hit has not been shown yet, on any list. */
const [requested, setRequested] = createSignal(false);

/**
 * Notes each Enter in the search box, also while no grid exists, until the owner ends. Attach it
 * wherever a list or its empty state is shown.
 */
export function noteSearchSubmits(): void {
  const onSubmit = ({ target }: Event) => {
    if (target instanceof Element && target.getAttribute('role') === 'search') setRequested(true);
  };
  document.addEventListener('submit', onSubmit);
  onCleanup(() => document.removeEventListener('submit', onSubmit));
}

/**
 * Calls `onFirst` once the list of a submitted search is loaded, unless the user has focused
 * something meanwhile.
 *
 * @param loading whether the list on screen still changes
 */
export function createFirstHit(loading: Accessor<boolean>, onFirst: () => void): void {
  noteSearchSubmits();
  const isRouting = useIsRouting();
  createEffect(() => {
    if (!requested() || isRouting() || loading()) return;
    setRequested(false);
    if (document.activeElement === document.body) onFirst();
  });
}
