import { thumbAspect } from '../../app/media/shape.shared.ts';

/**
 * Position of one tile, in CSS pixels from the top left of the grid. `height` includes the caption.
 */
export interface TileBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Input of a tile's layout: the image size and the number of caption lines. */
export interface TileShape {
  width: number;
  height: number;
  captionLines: number;
}

export interface Masonry {
  boxes: readonly TileBox[];
  /** Height of the whole grid in CSS pixels. */
  height: number;
  columns: number;
}

/**
 * Number of columns: two on the smallest phone, five on a laptop, nine on 4K. Tiles grow with the
 * width.
 *
 * @param least number of columns
 * @param scale width of a column; 1 for the usual
 */
export function columnsFor(width: number, [least, scale]: readonly [number, number] = [2, 1]): number {
  return Math.max(least, Math.floor(width / (scale * (170 + width * 0.058))));
}

/** Gap in CSS pixels: 8 on a phone, up to 16 on a large display. */
export function gapFor(width: number): number {
  return Math.round(Math.min(16, Math.max(8, width / 90)));
}

/**
 * Lays tiles out in columns of equal width, each into the shortest column. This keeps the reading
 * order as well as columns allow. A tile depends only on the tiles before it, so appended tiles
 * move nothing.
 *
 * @param width of the grid in CSS pixels
 * @param columns number of columns
 * @param line height of one caption line, in CSS pixels; every caption adds half a line of padding
 */
export function layOutMasonry(
  shapes: readonly TileShape[],
  width: number,
  line: number,
  columns = columnsFor(width),
): Masonry {
  const gap = gapFor(width);
  const columnWidth = (width - gap * (columns - 1)) / columns;
  const bottoms = Array.from({ length: columns }, () => 0);

  const boxes = shapes.map((shape): TileBox => {
    // Treats differences below one pixel as rounding: the leftmost of equal columns wins.
    let column = 0;
    for (let next = 1; next < columns; next++) {
      if ((bottoms[next] ?? 0) < (bottoms[column] ?? 0) - 1) column = next;
    }
    const caption = shape.captionLines > 0 ? (shape.captionLines + 0.5) * line : 0;
    const height = Math.round(columnWidth * thumbAspect(shape) + caption);
    const y = bottoms[column] ?? 0;
    bottoms[column] = y + height + gap;
    return { x: column * (columnWidth + gap), y, width: columnWidth, height };
  });

  return { boxes, height: Math.max(0, Math.max(...bottoms) - gap), columns };
}

/** Indexes of the boxes that intersect the range from `top` to `bottom`, in order. */
export function boxesBetween(boxes: readonly TileBox[], top: number, bottom: number): number[] {
  const visible: number[] = [];
  // A plain loop, because it runs over every item at every scroll step.
  for (let index = 0; index < boxes.length; index++) {
    const box = boxes[index];
    if (box && box.y < bottom && box.y + box.height > top) visible.push(index);
  }
  return visible;
}

/**
 * Index of the tile above or below another: in its column, or the nearest in height. Undefined at
 * the edge.
 */
export function tileAboveOrBelow(
  boxes: readonly TileBox[],
  from: number,
  direction: 'up' | 'down',
): number | undefined {
  const start = boxes[from];
  if (!start) return undefined;
  // A column's tiles are in list order, from top to bottom.
  const step = direction === 'down' ? 1 : -1;
  for (let index = from + step; index >= 0 && index < boxes.length; index += step)
    if (boxes[index]?.x === start.x) return index;
  return undefined;
}
