import { tileAboveOrBelow, type TileBox } from './masonry.ts';

/**
 * Index of the tile that a key leads to. Up and down follow the layout, left and right the reading
 * order, Home and End the loaded range. Undefined at an edge and for any other key.
 */
export function tileForKey(key: string, boxes: readonly TileBox[], from: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return from > 0 ? from - 1 : undefined;
    case 'ArrowRight':
      return from < boxes.length - 1 ? from + 1 : undefined;
    case 'ArrowUp':
      return tileAboveOrBelow(boxes, from, 'up');
    case 'ArrowDown':
      return tileAboveOrBelow(boxes, from, 'down');
    case 'Home':
      return 0;
    case 'End':
      return boxes.length - 1;
    default:
      return undefined;
  }
}
