import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import type { CommandContext } from './context.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>['values'];

/** Result of a command: `data` for programs (`--json`), `text` for people. */
export interface Answer {
  data: unknown;
  text: string;
  /** The command succeeded but found a fault: exit code 1. */
  alarming?: boolean;
  /** The command wrote data to standard output: print this result to standard error. */
  aside?: boolean;
}

interface Definition<O extends Options> {
  /** As typed: `user create`. */
  name: string;
  /** The arguments after the name: `NAME [--admin]`. */
  usage: string;
  summary: string;
  /** A line per option, and further notes. */
  help: string;
  options: O;
  /** Names of the arguments, all of them required. */
  arguments?: readonly string[];
  /** Runs on any schema version; every other command needs a migrated database. */
  anySchema?: boolean;
  /** Needs no configuration, database or storage, and gets none. */
  standalone?: boolean;
  /** Checks the options beyond their types. Throws {@link UsageError}. */
  check?(values: Values<O>): void;
  run(input: Input<O>): Promise<Answer>;
}

interface Input<O extends Options> {
  values: Values<O>;
  /** One value for each name in `arguments`. */
  args: readonly string[];
  context: CommandContext;
  terminal: Terminal;
}

export interface Command extends Pick<Definition<Options>, 'name' | 'usage' | 'summary' | 'help'> {
  anySchema: boolean;
  standalone: boolean;
  /** Checks the command line before anything is opened. Throws {@link UsageError}. */
  parse(argv: readonly string[]): (context: CommandContext, terminal: Terminal) => Promise<Answer>;
}

/**
 * Defines a command; infers the types of its options.
 *
 * @example
 * defineCommand({ name: 'migrate up', usage: '', summary, help, options: {}, run });
 */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  const { name, usage, summary, help, options, arguments: names = [] } = definition;
  const { anySchema = false, standalone = false } = definition;
  return {
    name,
    usage,
    summary,
    help,
    anySchema,
    standalone,
    parse(argv) {
      const { values, positionals } = parsed(argv, options);
      if (positionals.length !== names.length)
        throw new UsageError(`${name} takes ${names.join(' and ') || 'no arguments'}.`);
      definition.check?.(values);
      return (context, terminal) => definition.run({ values, args: positionals, context, terminal });
    },
  };
}

function parsed<O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // node:util throws a TypeError whose sentence names the option.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
