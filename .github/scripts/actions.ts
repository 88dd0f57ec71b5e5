import { appendFileSync } from 'node:fs';

/**
 * How a step of a workflow is spoken to: settings come as environment variables, never spliced into a command; results
 * go to the files that GitHub names. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */

/** A setting that the step must be given. @throws naming it when it is not */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set.`);
  return value;
}

/** Results for later steps, a line each. @throws when a value has several lines, which would let it name others */
export function setOutputs(values: Record<string, string>): void {
  const lines = Object.entries(values).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`The output ${name} has several lines.`);
    return `${name}=${value}\n`;
  });
  appendFileSync(required('GITHUB_OUTPUT'), lines.join(''));
}

/** Markdown on the page of the run. */
export const addSummary = (markdown: string): void =>
  appendFileSync(required('GITHUB_STEP_SUMMARY'), `${markdown}\n`);

/** Says what went wrong where GitHub shows it, and fails the step. */
export async function step(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stdout.write(`::error::${message.replaceAll('%', '%25').replaceAll('\n', '%0A')}\n`);
    process.exitCode = 1;
  }
}
