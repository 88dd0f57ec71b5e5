import { createMemo, type Accessor } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { DENSITIES, density } from './tile-settings.ts';
import { columnsFor, layOutMasonry, boxesBetween, type TileBox, type Masonry } from './masonry.ts';

/** The grid's viewport, in CSS pixels. `top` is the scroll distance into the grid. */
export interface Viewport {
  top: number;
  height: number;
  width: number;
  /** Height of one caption line, which follows the user's text size. */
  line: number;
}

/** Step in pixels by which the rendered range moves. With it, most scroll events change nothing. */
const WINDOW_STEP_PX = 400;
/**
 * Pixels rendered above and below the viewport: about a screen, or a flick of the wheel on large
 * displays.
 */
const OVERSCAN_PX = 900;

/** Number of caption lines under a tile: a title and a search match. */
export const captionLines = (item: MediaListItem): number =>
  (item.title ? 1 : 0) + (showsMatch(item) ? 2 : 0);

/** Whether to show a match line. A match in the title is highlighted in the title itself. */
export const showsMatch = (item: MediaListItem): boolean =>
  item.match !== null && item.match.field !== 'title';

/**
 * Layouts by list. Returning to a list reuses its layout, because laying out thousands of items
 * takes too long for a press.
 */
const laidOut = new WeakMap<
  readonly MediaListItem[],
  { width: number; line: number; columns: number; masonry: Masonry }
>();
const indexes = new WeakMap<readonly MediaListItem[], ReadonlyMap<string, number>>();

function layOutItems(items: readonly MediaListItem[], width: number, line: number, columns: number): Masonry {
  const known = laidOut.get(items);
  if (known?.width === width && known.line === line && known.columns === columns) return known.masonry;
  const shapes = items.map((item) => ({
    width: item.width,
    height: item.height,
    captionLines: captionLines(item),
  }));
  const masonry = layOutMasonry(shapes, width, line, columns);
  laidOut.set(items, { width, line, columns, masonry });
  return masonry;
}

function indexOf(items: readonly MediaListItem[]): ReadonlyMap<string, number> {
  let index = indexes.get(items);
  if (!index) indexes.set(items, (index = new Map(items.map((item, at) => [item.id, at]))));
  return index;
}

/**
 * The windowed masonry: the position of every tile, and the tiles that exist now. The page holds
 * about three screens of tiles, however many items there are.
 *
 * @param ahead whether to render beyond the viewport; false at first, for an earlier first paint
 */
export function createGrid(
  items: Accessor<readonly MediaListItem[]>,
  viewport: Accessor<Viewport>,
  ahead: Accessor<boolean> = () => true,
) {
  const width = createMemo(() => viewport().width);
  const line = createMemo(() => viewport().line);
  const masonry = createMemo(() =>
    layOutItems(items(), width(), line(), columnsFor(width(), DENSITIES[density()])),
  );
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

  /** Ids rather than items, so that a changed item keeps its element. */
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
    /** Whether a tile is at least partly on the screen. */
    onScreen: (id: string): boolean => {
      const box = masonry().boxes[indexById().get(id) ?? -1];
      const { top, height } = viewport();
      return box !== undefined && box.y < top + height && box.y + box.height > top;
    },
    /** Whether fewer than two screens remain below, so that the next page must load. */
    nearEnd: createMemo(
      () => viewport().width > 0 && viewport().top + viewport().height * 3 > masonry().height,
    ),
  };
}
