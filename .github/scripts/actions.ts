import { appendFileSync } from 'node:fs';

/**
 * The interface of a workflow step. Settings come as environment variables and are never spliced
 * into a command. Results go to the files that GitHub names:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */

/**
 * Returns a required setting of the step.
 *
 * @throws naming a missing setting
 */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set.`);
  return value;
}

/**
 * Writes results for later steps, a line each.
 *
 * @throws if a value has several lines, which could set further results
 */
export function setOutputs(values: Record<string, string>): void {
  const lines = Object.entries(values).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`The output ${name} has several lines.`);
    return `${name}=${value}\n`;
  });
  appendFileSync(required('GITHUB_OUTPUT'), lines.join(''));
}

/** Appends Markdown to the page of the run. */
export const addSummary = (markdown: string): void =>
  appendFileSync(required('GITHUB_STEP_SUMMARY'), `${markdown}\n`);

/** Shows a warning on the page of the run. The step goes on. */
export const addWarning = (message: string): void => writeCommand('warning', message);

/** Hides a secret that the step has got itself. GitHub knows only the stored ones. */
export const maskInLog = (secret: string): void => void process.stdout.write(`::add-mask::${secret}\n`);

/** Runs the step; reports an error where GitHub shows it, and fails the step. */
export async function step(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    writeCommand('error', message);
    process.exitCode = 1;
  }
}

function writeCommand(command: 'error' | 'warning', message: string): void {
  const escaped = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`::${command}::${escaped}\n`);
}
