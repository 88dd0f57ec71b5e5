import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import type { CommandContext } from './context.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>['values'];

/** What a command has to say: `data` for programs (`--json`), `text` for people. */
export interface Answer {
  data: unknown;
  text: string;
  /** It did its work, and what it found is not as it should be: exit code 1. */
  alarming?: boolean;
  /** Standard output belongs to what it wrote there: the answer goes beside it. */
  aside?: boolean;
}

interface Definition<O extends Options> {
  /** As typed: `user create`. */
  name: string;
  /** What follows the name: `NAME [--admin]`. */
  usage: string;
  summary: string;
  /** A line per option, and what else one must know. */
  help: string;
  options: O;
  /** Names of the arguments, all of them required. */
  arguments?: readonly string[];
  /** It looks after the schema itself; every other command wants a migrated database. */
  anySchema?: boolean;
  /** What the options must be beyond their types. Throws {@link UsageError}. */
  check?(values: Values<O>): void;
  run(input: Input<O>): Promise<Answer>;
}

interface Input<O extends Options> {
  values: Values<O>;
  /** Exactly as many as `arguments` names. */
  args: readonly string[];
  context: CommandContext;
  terminal: Terminal;
}

export interface Command extends Pick<Definition<Options>, 'name' | 'usage' | 'summary' | 'help'> {
  anySchema: boolean;
  /** Checks what was typed, before anything is opened. Throws {@link UsageError}. */
  parse(argv: readonly string[]): (context: CommandContext, terminal: Terminal) => Promise<Answer>;
}

/** A command with the types of its options. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  const { name, usage, summary, help, options, arguments: names = [], anySchema = false } = definition;
  return {
    name,
    usage,
    summary,
    help,
    anySchema,
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
    // node:util throws a TypeError with a sentence that names the option.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
