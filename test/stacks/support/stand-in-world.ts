import { createAnswers } from '../../../stacks/deploy/answers.ts';
import { bootstrapParts } from '../../../stacks/deploy/machine.ts';
import type { Outcome, Surroundings } from '../../../stacks/deploy/surroundings.ts';
import { releaseInputs, type ReleaseInput } from '../../../stacks/release.inputs.ts';
import { answerAws, answerTofu } from './stand-in-clouds.ts';
import { answerGh } from './stand-in-gh.ts';
import { answerFetch } from './stand-in-internet.ts';
import { createTestWorld, newState, ok, refused, type State } from './stand-in-state.ts';

/** The stack is always the same. */
let parts: ReturnType<typeof bootstrapParts> | undefined;
const knownParts = () => (parts ??= bootstrapParts());

/** Stand-ins of everything outside: commands, clouds, GitHub, the site and files. */
export function createWorld(state: State = newState()) {
  const world = createTestWorld(state);
  const npm = (args: readonly string[]): Outcome => {
    if (args.includes('synth')) return ok();
    const recipient = `age1${'q'.repeat(58)}`;
    world.change(() => (state.files[args.at(-1) ?? ''] = `# ${recipient}\nAGE-SECRET-KEY-1HUNTER2\n`));
    return ok(`BACKUP_RECIPIENT=${recipient}\n`);
  };
  const on = (): Surroundings => {
    const answers = createAnswers(world.answers, null, world.redaction.hide);
    return {
      answers,
      run: async (command, args, given = {}) => {
        world.commands.push([command, ...args].join(' '));
        if (args.some((arg) => world.redaction.holds(arg))) throw new Error('A secret is on a command line.');
        if (world.missingTools.includes(command)) return refused('no such command', 127);
        if (command === 'git') return ok();
        if (command === 'gh') return answerGh(world, args, given.input ?? '');
        if (command === 'aws') return answerAws(world, args);
        if (command === 'tofu') return answerTofu(world, args, given.env ?? {}, await knownParts());
        if (command === 'npm') return npm(args);
        throw new Error(`No stand-in for ${command}.`);
      },
      fetch: answerFetch(world),
      dns: {
        nameServers: async () => world.nameServers,
        caIssuers: async (name) => world.caIssuers[name] ?? [],
        cname: async () => world.cname,
      },
      files: {
        read: (name) => state.files[name] ?? null,
        write: (name, text) => world.change(() => (state.files[name] = text)),
        remove: (name) => {
          if (name in state.files) world.change(() => void delete state.files[name]);
        },
      },
      databaseVersion: async () => {
        if (world.databaseVersion instanceof Error) throw world.databaseVersion;
        return world.databaseVersion;
      },
      buckets: async () => state.buckets,
      bootstrapParts: knownParts,
      randomSecret: () => 'd15ea5e0'.repeat(8),
      wait: async () => world.tick(),
      hide: world.redaction.hide,
      tell: (text) => void world.lines.push(world.redaction.clean(text)),
    };
  };
  return Object.assign(world, { on });
}

/** Names of the secrets, as `environment/NAME`, and of the variables that a live site has. */
export const expectedInputs = () => {
  const used = Object.entries<ReleaseInput>(releaseInputs).filter(
    ([name, { optional }]) => !optional && !/^AWS_.*KEY/.test(name),
  );
  return {
    secrets: used.flatMap(([name, { kind, environment }]) =>
      kind === 'secret' ? [`${environment}/${name}`] : [],
    ),
    variables: used.flatMap(([name, { kind }]) => (kind === 'variable' ? [name] : [])),
  };
};
