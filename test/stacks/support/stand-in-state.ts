import type { QuestionName } from '../../../stacks/deploy/answers.ts';
import { createRedaction } from '../../../stacks/deploy/redaction.ts';
import type { Outcome } from '../../../stacks/deploy/surroundings.ts';
import { environments, shared } from '../../../stacks/environments.ts';

/** The run ended here: a closed laptop. */
export class Interrupted extends Error {}

export const ok = (answer: unknown = ''): Outcome => ({
  code: 0,
  stdout: typeof answer === 'string' ? answer : JSON.stringify(answer),
  stderr: '',
});
export const refused = (stderr: string, code = 1): Outcome => ({ code, stdout: '', stderr });

export const PROJECT = '22222222-2222-4222-8222-222222222222';
export const ANSWERS: Record<QuestionName, string> = {
  SCW_ACCESS_KEY: `SCW${'O'.repeat(17)}`,
  SCW_SECRET_KEY: '33333333-3333-4333-8333-333333333333',
  DATABASE_URL:
    'postgresql://meemi.ref:p%40ssword@aws-0-eu.pooler.supabase.com:5432/postgres?sslmode=verify-full',
  DATABASE_CA: 'prod-ca.crt',
  SETUP_CODE: '',
  ADMIN_NAME: 'Aino',
  ADMIN_PASSWORD: 'correct horse battery',
};

export interface WorkflowRun {
  id: number;
  attempt: number;
  workflow: string;
  sha: string;
  status: string;
  conclusion: string | null;
}

/** Everything that outlasts a run of the command: clouds, GitHub, the site, files. */
export const newState = () => ({
  files: { 'prod-ca.crt': '-----BEGIN CERTIFICATE-----\nMIIB\n' } as Record<string, string>,
  buckets: [] as string[],
  takenBuckets: [] as string[],
  role: null as string[] | null,
  roleStatus: 'CREATE_COMPLETE',
  providers: [] as string[],
  github: {
    head: 'a'.repeat(40) as string | null,
    private: false,
    plan: 'pro' as string | null,
    admin: true,
    environments: {} as Record<string, { limited: boolean; policies: string[] }>,
    secrets: {} as Record<string, string>,
    variables: {} as Record<string, string>,
    pullRequests: false,
    pinned: false,
    pulls: [] as number[],
    releases: [] as { commit: string; prerelease: boolean }[],
    runs: [] as WorkflowRun[],
  },
  site: { revision: null as string | null, accounts: [] as string[] },
});
export type State = ReturnType<typeof newState>;

/** Makes the fields that a test sets and reads. Most are faults that an operator may meet. */
export function createTestWorld(state: State = newState()) {
  const world = {
    state,
    /** Number of changes so far. */
    changes: 0,
    /** Ends the run right after that change. */
    interruptAfter: Infinity,
    commands: [] as string[],
    lines: [] as string[],
    missingTools: [] as string[],
    tofuVersion: '1.12.6',
    signedOut: [] as string[],
    keyOfApplication: false,
    keyIsWrong: false,
    zones: [{ Id: '/hostedzone/Z0123456789', Name: 'mainittu.fi.', Config: { PrivateZone: false } }],
    nameServers: ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com'],
    caIssuers: {} as Record<string, string[]>,
    cname: [] as string[],
    databaseVersion: 170_002 as number | Error,
    answers: { ...ANSWERS } as Record<string, string>,
    ciFails: false,
    deployFails: false,
    redaction: createRedaction(),
    change(make: () => void): void {
      make();
      world.changes++;
      if (world.changes === world.interruptAfter) throw new Interrupted();
    },
    /** Lets time pass: what runs at GitHub ends. */
    tick(): void {
      const { github, site, buckets } = state;
      for (const run of github.runs.filter(({ status }) => status !== 'completed')) {
        const hasKey = Object.keys(github.secrets).some((name) => name.endsWith('BUILD_SCW_SECRET_KEY'));
        const fails =
          run.workflow === 'ci' ? world.ciFails || !hasKey : run.workflow === 'deploy' && world.deployFails;
        Object.assign(run, { status: 'completed', conclusion: fails ? 'failure' : 'success' });
        if (fails) continue;
        if (run.workflow === 'ci') github.releases.push({ commit: run.sha, prerelease: true });
        if (run.workflow === 'pins') github.pulls.push(run.id);
        if (run.workflow === 'deploy') {
          site.revision = github.releases.find(({ prerelease }) => !prerelease)?.commit ?? null;
          const { mediaBucket, backupBucket, uploadBucket } = environments.production;
          buckets.push(mediaBucket, backupBucket, uploadBucket);
        }
      }
    },
    startRun(workflow: string, sha = ''): void {
      state.github.runs.unshift({
        id: state.github.runs.length + 1,
        attempt: 1,
        workflow,
        sha,
        status: 'in_progress',
        conclusion: null,
      });
    },
    /** Pushes a commit, which starts CI. */
    push(commit: string): void {
      state.github.head = commit;
      world.startRun('ci', commit);
    },
  };
  if (state.github.head !== null && state.github.runs.length === 0) {
    // The code came before the keys, so that its first build has failed.
    world.push(state.github.head);
    world.tick();
  }
  return world;
}
export type World = ReturnType<typeof createTestWorld>;

export const STATE_BUCKET = shared.stateBucket;
