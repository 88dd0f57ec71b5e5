/** Where one tile lies, in CSS pixels from the top left of the grid. `height` includes the caption. */
export interface TileBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What decides a tile's shape: the picture's size and how many lines of words stand under it. */
export interface TileShape {
  width: number;
  height: number;
  captionLines: number;
}

export interface Masonry {
  boxes: readonly TileBox[];
  /** Height of the whole grid. */
  height: number;
  columns: number;
}

/** Shapes outside these (height : width) are cropped, so that a banner stays visible and a long strip ends. */
const MIN_ASPECT = 0.4;
const MAX_ASPECT = 1.9;

/** Two columns on the smallest phone, five on a laptop, twelve on 4K: tiles grow a little with the room. */
export function columnsFor(width: number): number {
  return Math.max(2, Math.floor(width / (200 + width * 0.03)));
}

/** 8 px on a phone, up to 16 on a large display. */
export function gapFor(width: number): number {
  return Math.round(Math.min(16, Math.max(8, width / 90)));
}

/**
 * Lays tiles out in columns of equal width, each in turn into the shortest column, so that the order of reading is kept
 * as well as columns allow. Depends only on what came before: tiles added at the end move nothing.
 *
 * @param width of the grid in CSS pixels
 * @param line height of one line of caption, in CSS pixels; every caption adds half a line of air
 */
export function layOutMasonry(shapes: readonly TileShape[], width: number, line: number): Masonry {
  const columns = columnsFor(width);
  const gap = gapFor(width);
  const columnWidth = (width - gap * (columns - 1)) / columns;
  const bottoms = Array.from({ length: columns }, () => 0);

  const boxes = shapes.map((shape): TileBox => {
    // A difference of less than a pixel is rounding: the leftmost of equal columns comes first.
    let column = 0;
    for (let next = 1; next < columns; next++) {
      if ((bottoms[next] ?? 0) < (bottoms[column] ?? 0) - 1) column = next;
    }
    const ratio = Math.min(MAX_ASPECT, Math.max(MIN_ASPECT, shape.height / shape.width || 1));
    const caption = shape.captionLines > 0 ? (shape.captionLines + 0.5) * line : 0;
    const height = Math.round(columnWidth * ratio + caption);
    const y = bottoms[column] ?? 0;
    bottoms[column] = y + height + gap;
    return { x: column * (columnWidth + gap), y, width: columnWidth, height };
  });

  return { boxes, height: Math.max(0, Math.max(...bottoms) - gap), columns };
}

/** Indexes of the boxes that touch the stretch from `top` to `bottom`, in order. */
export function boxesBetween(boxes: readonly TileBox[], top: number, bottom: number): number[] {
  const visible: number[] = [];
  // A plain loop: it runs over every item at every step of scrolling.
  for (let index = 0; index < boxes.length; index++) {
    const box = boxes[index];
    if (box && box.y < bottom && box.y + box.height > top) visible.push(index);
  }
  return visible;
}

/** The tile one step up or down from another: in its column, or the nearest in height. Undefined at the edge. */
export function tileAboveOrBelow(
  boxes: readonly TileBox[],
  from: number,
  direction: 'up' | 'down',
): number | undefined {
  const start = boxes[from];
  if (!start) return undefined;
  // A column is filled downwards in the order of the list.
  const step = direction === 'down' ? 1 : -1;
  for (let index = from + step; index >= 0 && index < boxes.length; index += step)
    if (boxes[index]?.x === start.x) return index;
  return undefined;
}
