import { createMemo, type Accessor } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { layOutMasonry, boxesBetween, type TileBox, type Masonry } from './masonry.ts';

/** What the grid sees of the page, in CSS pixels. `top` is how far the page is scrolled into the grid. */
export interface Viewport {
  top: number;
  height: number;
  width: number;
  /** Height of one line of caption, which follows the reader's text size. */
  line: number;
}

/** The stretch that is rendered moves in steps of this many pixels, so that most scroll events change nothing. */
const WINDOW_STEP_PX = 400;
/** Rendered above and below what is seen: a screen, and on large ones no more than a flick of the wheel goes. */
const OVERSCAN_PX = 900;

/** Lines of words under a tile: a title, and what a search found. */
export const captionLines = (item: MediaListItem): number =>
  (item.title ? 1 : 0) + (showsMatch(item) ? 2 : 0);

/** A match in the title is marked in the title itself. */
export const showsMatch = (item: MediaListItem): boolean =>
  item.match !== null && item.match.field !== 'title';

/** What was made of a list, for when it is gone back to: for thousands that takes longer than a press may. */
const laidOut = new WeakMap<readonly MediaListItem[], { width: number; line: number; masonry: Masonry }>();
const indexes = new WeakMap<readonly MediaListItem[], ReadonlyMap<string, number>>();

function layOutItems(items: readonly MediaListItem[], width: number, line: number): Masonry {
  const known = laidOut.get(items);
  if (known?.width === width && known.line === line) return known.masonry;
  const shapes = items.map((item) => ({
    width: item.width,
    height: item.height,
    captionLines: captionLines(item),
  }));
  const masonry = layOutMasonry(shapes, width, line);
  laidOut.set(items, { width, line, masonry });
  return masonry;
}

function indexOf(items: readonly MediaListItem[]): ReadonlyMap<string, number> {
  let index = indexes.get(items);
  if (!index) indexes.set(items, (index = new Map(items.map((item, at) => [item.id, at]))));
  return index;
}

/**
 * The windowed masonry: where every tile lies, and which of them exist right now. However many items there are, the
 * page holds about three screens of tiles.
 *
 * @param ahead whether there is more than what is seen: at first there is not, so that it is seen sooner
 */
export function createGrid(
  items: Accessor<readonly MediaListItem[]>,
  viewport: Accessor<Viewport>,
  ahead: Accessor<boolean> = () => true,
) {
  const width = createMemo(() => viewport().width);
  const line = createMemo(() => viewport().line);
  const masonry = createMemo(() => layOutItems(items(), width(), line()));
  const indexById = createMemo(() => indexOf(items()));

  const stretch = createMemo(
    () => {
      const { top, height } = viewport();
      const step = Math.max(1, Math.min(height / 2, WINDOW_STEP_PX));
      const margin = Math.min(height, OVERSCAN_PX);
      const start = Math.floor(top / step) * step;
      return ahead()
        ? { top: start - margin, bottom: start + step + height + margin }
        : { top, bottom: top + height };
    },
    undefined,
    { equals: (a, b) => a.top === b.top && a.bottom === b.bottom },
  );

  /** Ids rather than items: a tile whose facts change stays the same element. */
  const visible = createMemo(() => {
    const { top, bottom } = stretch();
    return boxesBetween(masonry().boxes, top, bottom).flatMap((index) => items()[index]?.id ?? []);
  });

  return {
    height: () => masonry().height,
    visible,
    item: (id: string): MediaListItem | undefined => items()[indexById().get(id) ?? -1],
    index: (id: string): number => indexById().get(id) ?? -1,
    box: (id: string): TileBox | undefined => masonry().boxes[indexById().get(id) ?? -1],
    boxes: () => masonry().boxes,
    /** Whether a tile lies on the screen, in part at least. */
    onScreen: (id: string): boolean => {
      const box = masonry().boxes[indexById().get(id) ?? -1];
      const { top, height } = viewport();
      return box !== undefined && box.y < top + height && box.y + box.height > top;
    },
    /** Whether fewer than two screens are left below: time to load more. */
    nearEnd: createMemo(
      () => viewport().width > 0 && viewport().top + viewport().height * 3 > masonry().height,
    ),
  };
}
