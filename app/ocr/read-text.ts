/** The place of a read line: shares of the picture's height, from the top. */
export interface LinePlace {
  top: number;
  bottom: number;
  /** Number of letters and digits. */
  letters: number;
}

/** Result of a read. */
export interface ReadText {
  /**
   * Text in reading order, one line per text line of the picture, in NFC. It is empty when there is
   * none.
   */
  text: string;
  /** The lines of a still picture, in reading order. It is empty for a moving one. */
  lines: readonly LinePlace[];
}
