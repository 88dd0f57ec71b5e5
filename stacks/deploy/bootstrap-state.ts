import { z } from 'zod';
import { Problem } from './problem.ts';
import type { StackParts, Surroundings } from './surroundings.ts';

/** At the top of the repository, where the stack's backend has it. */
export const STATE_FILE = 'bootstrap.tfstate';

const state = z.object({
  outputs: z.record(z.string(), z.object({ value: z.string(), sensitive: z.boolean().optional() })),
  resources: z.array(
    z.object({ mode: z.string(), type: z.string(), name: z.string(), instances: z.array(z.unknown()) }),
  ),
});

const readState = (on: Surroundings): z.infer<typeof state> => {
  const text = on.files.read(STATE_FILE);
  return text === null ? { outputs: {}, resources: [] } : state.parse(JSON.parse(text));
};

/** Returns what the bootstrap has made. Without its state, nothing. */
export function bootstrapped(on: Surroundings): StackParts {
  const { outputs, resources } = readState(on);
  return {
    outputs: Object.keys(outputs),
    resources: resources
      .filter(({ mode, instances }) => mode === 'managed' && instances.length > 0)
      .map(({ type, name }) => `${type}.${name}`),
  };
}

/**
 * Returns an output of the bootstrap, and hides it from then on if it is secret. `null`: it has not
 * been applied.
 */
export function bootstrapOutput(on: Surroundings, name: string): string | null {
  const found = readState(on).outputs[name];
  if (!found) return null;
  if (found.sensitive) on.hide(found.value);
  return found.value;
}

/** @throws Problem if the bootstrap has not been applied */
export function requiredOutput(on: Surroundings, name: string): string {
  const value = bootstrapOutput(on, name);
  if (value === null) throw new Problem(`The bootstrap has no output ${name}: apply it first.`);
  return value;
}
