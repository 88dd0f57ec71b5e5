import { BASELINE, STEPS, type Step } from '../../migrations/before-baseline/steps.ts';
import { migrations } from '../../migrations/index.ts';

/** A newer release made the schema; this one cannot know it. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(unknown: readonly string[]) {
    super(
      `This release is older than the database: it does not know ${unknown.join(', ')}. Start the newer release again, or restore the backup from before it.`,
    );
  }
}

/** No release leaves a database with these migrations, so the app does not touch it. */
export class UnknownSchemaError extends Error {
  override readonly name = 'UnknownSchemaError';

  constructor(problem: string) {
    super(`${problem} No release makes such a database: restore a backup, or give the app an empty one.`);
  }
}

/** The missing part of a database's schema. */
export interface MigrationNeed {
  /** Steps before the baseline that the database has; empty unless it must be brought there. */
  steps: ReadonlySet<Step>;
  /** Whether nothing is missing. */
  upToDate: boolean;
}

const isStep = (name: string): name is Step => (STEPS as readonly string[]).includes(name);

/**
 * Decides what a database needs, from the names of its migrations.
 *
 * It knows the fifteen migrations before the baseline: the first up to any, or all of
 * them with later ones.
 *
 * @throws NewerSchemaError for an unknown migration, unless its name ends in `-additive`: older
 *   releases work beside such a migration
 * @throws UnknownSchemaError for a combination that no release makes
 */
export function migrationNeed(executed: readonly string[]): MigrationNeed {
  const names = new Set(executed);
  const steps = new Set(executed.filter(isStep));
  const later = executed.filter((name) => !isStep(name));
  const unknown = later.filter((name) => !Object.hasOwn(migrations, name) && !name.endsWith('-additive'));
  if (unknown.length > 0) throw new NewerSchemaError(unknown);
  const missing = STEPS.find((step, i) => !names.has(step) && (i < steps.size || later.length > 0));
  if (steps.size > 0 && missing !== undefined)
    throw new UnknownSchemaError(`The database has ${executed.toSorted().at(-1)}, but not ${missing}.`);
  if (steps.size > 0 && names.has(BASELINE))
    throw new UnknownSchemaError(`The database has both ${BASELINE} and a migration that it replaces.`);
  if (steps.size === 0 && later.length > 0 && !names.has(BASELINE))
    throw new UnknownSchemaError(`The database has ${later.toSorted().at(-1)}, but not ${BASELINE}.`);
  return { steps, upToDate: Object.keys(migrations).every((name) => names.has(name)) };
}
