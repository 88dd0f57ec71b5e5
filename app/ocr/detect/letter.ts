import type { Component } from '../image/connected-components.ts';

/** A component that may be a letter, a part of a letter, or several touching letters. */
export interface Letter extends Component {
  /** Value in the ink map that is drawn as full black. */
  bodyInk: number;
  /** Share of the letter's border that lies beside an outline or a background, 0–1. */
  clearShare: number;
}

/** Result of one detection method, in pixels of the working picture. */
export interface Letters {
  width: number;
  height: number;
  labels: Int32Array;
  /** Difference of each pixel from its background, 0–255. */
  ink: Uint8Array;
  letters: Letter[];
  /**
   * The background of the letters; absent for outlined letters.
   *
   * `labels` has the background number of each pixel, row by row (0: none). `brightness` has the
   * brightest channel by number minus one.
   */
  background?: { labels: Uint16Array; brightness: readonly number[] };
}
