import { generateBindings } from '../../../stacks/generate.ts';

/** The stacks import the generated bindings: make them before any test is loaded. */
export default async function setup(): Promise<void> {
  await generateBindings();
}
