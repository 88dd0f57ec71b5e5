import { releaseInputs, type ReleaseInput } from '../../release.inputs.ts';
import { bootstrapOutput, requiredOutput } from '../bootstrap-state.ts';
import { certificateOf } from '../certificate.ts';
import { gh } from '../github.ts';
import { IDENTITY_FILE, recipient } from '../identity.ts';
import { Problem } from '../problem.ts';
import { SETUP_CODE_FILE, setupCodeOf } from '../setup-code.ts';
import type { Action, Step, World } from '../step.ts';
import { storedSecrets, storedVariables } from '../stored.ts';
import { roleArn } from './aws-role.ts';

const inputs = Object.entries<ReleaseInput>(releaseInputs).filter(([, { optional }]) => !optional);
const isOfBootstrap = ({ from }: ReleaseInput): boolean => from === 'bootstrap output';
/** A role takes the place of these. */
const OF_A_USER = new Set(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);

interface Source {
  /** The place that the value comes from, for a person. */
  from: string;
  read(on: World): Promise<string>;
}

/** The values that do not come from the bootstrap. */
const SOURCES: Readonly<Record<string, Source>> = {
  DATABASE_URL: { from: 'your answer', read: (on) => on.answers.get('DATABASE_URL') },
  DATABASE_CA: {
    from: 'your answer',
    read: async (on) => certificateOf(await on.answers.get('DATABASE_CA'), on.files),
  },
  JWT_SECRET: {
    from: `made now; the setup code that follows from it goes to ${SETUP_CODE_FILE}`,
    read: async (on) => {
      const secret = on.randomSecret();
      on.hide(secret);
      on.hide(setupCodeOf(secret));
      on.files.write(SETUP_CODE_FILE, `${setupCodeOf(secret)}\n`);
      return secret;
    },
  },
  AWS_ROLE_ARN: { from: 'the stack at AWS', read: async (on) => (await roleArn(on)) ?? '' },
  BACKUP_RECIPIENT: { from: `the identity in ${IDENTITY_FILE}`, read: recipient },
  ROUTE53_ZONE_ID: { from: 'Route 53', read: async (on) => (await on.facts.zone()).id },
};

const sourceOf = (name: string, input: ReleaseInput): Source => {
  if (isOfBootstrap(input)) return { from: 'the bootstrap', read: async (on) => requiredOutput(on, name) };
  const source = SOURCES[name];
  if (!source) throw new Error(`Nothing says where ${name} comes from.`);
  return source;
};

async function store(on: World, name: string, input: ReleaseInput): Promise<void> {
  const value = await sourceOf(name, input).read(on);
  if (value === '') throw new Problem(`${name} has no value yet: run this again.`);
  const { hasEnvironments } = await on.facts.repository();
  const guard = input.kind === 'secret' && hasEnvironments ? ['--env', input.environment] : [];
  await gh(on, [input.kind, 'set', name, ...guard], { input: value });
}

/** Returns the value that GitHub should have, where it can be compared. */
async function expected(on: World, name: string, input: ReleaseInput): Promise<string | null> {
  if (isOfBootstrap(input)) return bootstrapOutput(on, name);
  if (name === 'AWS_ROLE_ARN') return roleArn(on);
  return name === 'ROUTE53_ZONE_ID' ? (await on.facts.zone()).id : null;
}

/** Returns the variables that are missing or have another value. */
async function changedVariables(on: World): Promise<Set<string>> {
  const stored = await storedVariables(on);
  const changed = new Set<string>();
  for (const [name, input] of inputs.filter(([, { kind }]) => kind === 'variable')) {
    const wanted = await expected(on, name, input);
    const found = stored.get(name);
    if (found === undefined || (wanted !== null && found !== wanted)) changed.add(name);
  }
  return changed;
}

/**
 * Secrets and variables of the workflows. Secrets come first: a bootstrap that was made anew shows
 * by its variables, until all of its secrets are there.
 */
export const secrets: Step = {
  title: 'Secrets and variables at GitHub',
  async plan(on) {
    const changed = await changedVariables(on);
    const stored = await storedVariables(on);
    const isNewBootstrap = inputs.some(
      ([name, input]) => isOfBootstrap(input) && changed.has(name) && stored.has(name),
    );
    const actions: Action[] = [];
    for (const [name, input] of inputs) {
      if (OF_A_USER.has(name)) continue;
      if (input.kind === 'variable' && !changed.has(name)) continue;
      if (input.kind === 'secret' && (await storedSecrets(on, input.environment)).has(name))
        if (!(isNewBootstrap && isOfBootstrap(input))) continue;
      const where = input.kind === 'secret' ? ` of the environment ${input.environment}` : '';
      actions.push({
        say: `Set the ${input.kind} ${name}${where} (${sourceOf(name, input).from}).`,
        do: () => store(on, name, input),
      });
    }
    return actions;
  },
};
