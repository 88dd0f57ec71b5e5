import { createEffect, createMemo, createSignal, type Accessor } from 'solid-js';
import { readSetting, saveSetting } from '../lib/local-storage.ts';
import { createPhoneLayout } from './layout.ts';
import { nextSheet, type Sheet } from './sheet.model.ts';

/**
 * Whether the details show. On a large screen they fold away, also for the next visit. On a phone
 * they are closed at first and keep their state from item to item.
 *
 * @param dialog returns the viewer, which gets the state for its styles
 * @param needed whether the details have a message that must not stay hidden
 */
export function createDetailsState(dialog: Accessor<HTMLElement | undefined>, needed: Accessor<boolean>) {
  const onPhone = createPhoneLayout();
  const [folded, setFolded] = createSignal(readSetting('details') === 'folded');
  const [sheet, setSheet] = createSignal<Sheet>('closed');
  // Memos, because the effect below scrolls, for which the browser lays the page out.
  const isFolded = createMemo(() => folded() && !needed());
  const shownSheet = createMemo((): Sheet => (sheet() === 'closed' && needed() ? 'half' : sheet()));

  createEffect(() => {
    const element = dialog();
    if (!element) return;
    element.toggleAttribute('data-folded', isFolded());
    element.dataset['sheet'] = shownSheet();
    // The closed sheet shows the name, which comes first.
    if (shownSheet() === 'closed') element.querySelector('.details')?.scrollTo(0, 0);
  });

  return {
    sheet: shownSheet,
    setSheet,
    isOpen: () => (onPhone() ? shownSheet() !== 'closed' : !isFolded()),
    toggle(): void {
      if (onPhone()) setSheet(nextSheet(shownSheet() === 'closed' ? 'closed' : 'full', 'press'));
      else {
        setFolded((now) => !now);
        saveSetting('details', folded() ? 'folded' : null);
      }
    },
  };
}
