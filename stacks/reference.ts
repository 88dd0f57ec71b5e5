import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App, type TerraformStack } from 'cdktf';
import { environmentShape } from '../app/config.schema.ts';
import { BootstrapStack } from './bootstrap.stack.ts';
import { environments, shared } from './environments.ts';
import { ProductionStack } from './production.stack.ts';
import { releaseInputs, type ReleaseInput } from './release.inputs.ts';
import { bootstrapVariables, environmentVariables, type Variable } from './variables.ts';

/**
 * Generates the tables of docs/deploy-reference.md from the code they describe. `npm run reference`
 * writes them between their markers; a test fails while the page differs.
 */

/** The parts of a synthesized stack that the tables use. */
interface Synthesized {
  output?: Record<string, { description?: string; sensitive?: boolean }>;
  resource?: {
    scaleway_container?: Record<
      string,
      {
        environment_variables?: Record<string, string>;
        secret_environment_variables?: Record<string, string>;
      }
    >;
  };
}

/** Formats a Markdown table with columns as wide as their widest cell, as the formatter does. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;
const synthesized = (stack: TerraformStack): Synthesized => stack.toTerraform();

/** Returns a rule's message without the name, which the table has in its own column. */
const shape = (name: string, message: string): string =>
  message.replace(new RegExp(`^${name} must (be |look like )?`), '').replace(/\.$/, '');

function variableTable(variables: Record<string, Variable>): string {
  return table(
    ['Variable', 'Meaning', 'Must be', 'Default'],
    Object.entries(variables).map(([name, { description, sensitive, rules, default: value }]) => [
      code(name),
      description + (sensitive ? ' **Secret.**' : ''),
      rules.map(({ message }) => shape(name, message)).join('; '),
      value === undefined ? '' : code(value),
    ]),
  );
}

function outputTable(stack: Synthesized): string {
  return table(
    ['Output', 'Meaning'],
    Object.entries(stack.output ?? {})
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, { description = '', sensitive }]) => [
        code(name),
        description + (sensitive ? ' **Secret:** shown by `tofu output -raw` only.' : ''),
      ]),
  );
}

function inputTable(): string {
  return table(
    ['Name at GitHub', 'Kept as', 'Environment', 'Comes from', 'In a release'],
    Object.entries<ReleaseInput>(releaseInputs).map(([name, { kind, environment, from, becomes }]) => [
      code(name),
      kind,
      environment,
      from,
      becomes.map(code).join(', '),
    ]),
  );
}

function containerTable(stack: Synthesized): string {
  const container = Object.values(stack.resource?.scaleway_container ?? {})[0];
  const plain = container?.environment_variables ?? {};
  const secret = container?.secret_environment_variables ?? {};
  return table(
    ['Variable', 'Set to', 'Meaning'],
    Object.entries(environmentShape).flatMap(([name, schema]) => {
      const value = plain[name] ?? secret[name];
      if (value === undefined) return [];
      return [[code(name), name in secret ? 'a secret' : code(value), schema.description ?? '']];
    }),
  );
}

/** Returns every table by the name of its marker in the page. */
export function referenceTables(): Record<string, string> {
  const bootstrap = synthesized(
    new BootstrapStack(new App(), 'bootstrap', { settings: shared, environments }),
  );
  const environment = environments.production;
  const production = synthesized(
    new ProductionStack(new App(), 'production', { settings: shared, environment }),
  );
  return {
    'github inputs': inputTable(),
    'bootstrap variables': variableTable(bootstrapVariables),
    'bootstrap outputs': outputTable(bootstrap),
    'production variables': variableTable(environmentVariables(environment.region)),
    'production outputs': outputTable(production),
    'container environment': containerTable(production),
  };
}

/**
 * Puts the tables between their markers.
 *
 * @throws if the page lacks a marker
 */
export function withReference(page: string): string {
  let written = page;
  for (const [name, content] of Object.entries(referenceTables())) {
    const [begin, end] = [`<!-- generated: ${name} -->`, '<!-- end -->'];
    const from = written.indexOf(begin);
    const to = written.indexOf(end, from);
    if (from < 0 || to < 0)
      throw new Error(`docs/deploy-reference.md has no place for "${name}" (${begin} … ${end}).`);
    written = `${written.slice(0, from + begin.length)}\n\n${content}\n\n${written.slice(to)}`;
  }
  return written;
}

if (process.argv[1] === import.meta.filename) {
  const file = join(import.meta.dirname, '../docs/deploy-reference.md');
  await writeFile(file, withReference(await readFile(file, 'utf8')));
}
