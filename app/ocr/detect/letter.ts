import type { Component } from '../image/connected-components.ts';

/** A component that may be a letter, a part of one, or several that touch. */
export interface Letter extends Component {
  /** Strength in the ink map that counts as fully black. */
  full: number;
  /** Share of its border that is as a letter's should be (outline or background beside it), 0–1. */
  clear: number;
}

/** What one way of looking for letters found, in pixels of the picture it looked at. */
export interface Letters {
  width: number;
  height: number;
  labels: Int32Array;
  /** How far each pixel is from its background, 0–255. */
  ink: Uint8Array;
  letters: Letter[];
  /**
   * Where the background the letters stand on was seen: its number row by row (0: none), and by number minus one its
   * brightest channel. Absent when an outline sets the letters off.
   */
  background?: { labels: Uint16Array; brightness: readonly number[] };
}
