/**
 * Finds an object through the row that names it. An item may move to other keys between the reads
 * of row and object. So a missing object is looked for again, as long as the row names another one.
 *
 * @param first the row, or `null` if there is none
 * @param look.again reads the row anew
 * @param look.keyOf returns the key in a row; `null` if the row names no such object
 * @param look.open returns `null` if the object is missing
 * @example
 * const bytes = await findObject(row, {
 *   again: ({ id }) => findMedia(db, id),
 *   keyOf: (row) => row.poster_key,
 *   open: (key) => storage.read(key),
 * });
 */
export async function findObject<Row, Found>(
  first: Row | null,
  look: {
    again: (row: Row) => Promise<Row | null>;
    keyOf: (row: Row) => string | null;
    open: (key: string, row: Row) => Promise<Found | null>;
  },
): Promise<Found | null> {
  let lost: string | null = null;
  for (let row = first; row !== null; row = await look.again(row)) {
    const key = look.keyOf(row);
    if (key === null || key === lost) return null;
    const found = await look.open(key, row);
    if (found !== null) return found;
    lost = key;
  }
  return null;
}
