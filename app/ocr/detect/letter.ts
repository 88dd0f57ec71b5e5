import type { Component } from '../image/connected-components.ts';

/** A component that may be a letter, a part of one, or several that touch. */
export interface Letter extends Component {
  /** Strength in the ink map that counts as fully black. */
  full: number;
  /** Share of its border that is as a letter's should be (outline or ground beside it), 0–1. */
  clear: number;
}

/** What one way of looking for letters found, in pixels of the picture it looked at. */
export interface Letters {
  width: number;
  height: number;
  labels: Int32Array;
  /** How far each pixel is from its ground, 0–255. */
  ink: Uint8Array;
  letters: Letter[];
  /**
   * Where the ground the letters stand on was seen: its number row by row (0: none), and by number minus one its
   * brightest channel. Absent when an outline sets the letters off.
   */
  ground?: { labels: Uint16Array; brightness: readonly number[] };
}
