import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import type { createGrid, Viewport } from './grid.model.ts';
import { isByDate, itemAtTop } from './month-label.model.ts';
import './month-label.css';

/** Time after the last scroll step until the label fades, in milliseconds. */
const REST_MS = 1200;

/**
 * Shows the month of the items at the top while a list ordered by date scrolls. It reads positions
 * from the grid and not from the page, so that it costs no layout. Screen readers do not meet it.
 */
export function createMonthLabel(props: {
  list: HTMLElement;
  q: Accessor<string>;
  grid: ReturnType<typeof createGrid>;
  viewport: Accessor<Viewport>;
}): void {
  const i18n = useI18n();
  const [scrolls, setScrolls] = createSignal(false);
  const top = createMemo(() => props.viewport().top);
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      top,
      (now) => {
        clearTimeout(timer);
        setScrolls(now > 0);
        timer = setTimeout(() => setScrolls(false), REST_MS);
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));

  const shown = () => scrolls() && isByDate(props.q());
  const format = createMemo(() => {
    const months = new Intl.DateTimeFormat(i18n.language(), { month: 'long', year: 'numeric' });
    return (date: string) => {
      const text = months.format(new Date(date));
      return text.charAt(0).toLocaleUpperCase(i18n.language()) + text.slice(1);
    };
  });
  // The text stays while the label fades.
  const month = createMemo<string>((before) => {
    const item = shown() ? itemAtTop(props.grid, top()) : undefined;
    return item ? format()(item.createdAt) : before;
  }, '');

  const label = (
    <p class="month" classList={{ shown: shown() && month() !== '' }} aria-hidden="true">
      {month()}
    </p>
  );
  if (label instanceof HTMLElement) {
    props.list.after(label);
    onCleanup(() => label.remove());
  }
}
