import { generateBindings } from '../../../stacks/generate.ts';

/** Makes the generated bindings before any test loads: the stacks import them. */
export default async function setup(): Promise<void> {
  await generateBindings();
}
