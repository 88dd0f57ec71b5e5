import type { Database } from '../db/client.ts';

/** How the page writes a value: a plain number, or a size. */
type Unit = 'count' | 'bytes';

/**
 * The figures of the administration page, in their order. The dictionaries name each one:
 * `admin.figure.{name}`.
 */
const FIGURES = {
  /** Items, the trash included. */
  items: {
    unit: 'count',
    read: (db) => db.selectFrom('media').select((row) => row.fn.countAll<string>().as('value')),
  },
  /** Size of the originals, the trash included. */
  bytes: {
    unit: 'bytes',
    read: (db) => db.selectFrom('media').select((row) => row.fn.sum<string | null>('byte_size').as('value')),
  },
} satisfies Record<string, { unit: Unit; read(db: Database): Query }>;

interface Query {
  executeTakeFirstOrThrow(): Promise<{ value: string | number | null }>;
}

/** A figure with its value; the sum of no rows is 0. */
export interface Figure {
  name: keyof typeof FIGURES;
  unit: Unit;
  value: number;
}

/** Reads every figure. */
export async function readFigures(db: Database): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of namesOf(FIGURES)) {
    const { unit, read } = FIGURES[name];
    const { value } = await read(db).executeTakeFirstOrThrow();
    figures.push({ name, unit, value: Number(value ?? 0) });
  }
  return figures;
}

function namesOf<Name extends string>(record: Record<Name, unknown>): Name[] {
  const names: Name[] = [];
  for (const name in record) names.push(name);
  return names;
}
