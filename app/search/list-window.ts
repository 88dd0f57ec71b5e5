/**
 * A range of ids: from `bottom` inclusive to `top` exclusive. Ids are UUIDv7, so it is also a time
 * range.
 */
export interface Span {
  bottom: string;
  top: string;
}

/** The requested part of a list. */
export interface ListWindow {
  span: Span;
  /** Returns only items older than this id. */
  before: string | null;
  limit: number;
}

/** The range of all ids. */
export const ALL_IDS: Span = {
  bottom: '00000000-0000-0000-0000-000000000000',
  top: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};
