import type { Outcome } from '../../../stacks/deploy/surroundings.ts';
import { ok, refused, type World, type WorkflowRun } from './stand-in-state.ts';

const NONE = refused('gh: Not Found (HTTP 404)');
const REPO = 'repos/{owner}/{repo}';

const asRun = ({ id, attempt, status, conclusion }: WorkflowRun) => ({
  id,
  run_attempt: attempt,
  status,
  conclusion,
  html_url: `https://github.example/runs/${id}`,
});

/** Reads from GitHub's interface. */
function read(world: World, path: string): Outcome {
  const { github } = world.state;
  const [route = '', query = ''] = path.split('?');
  const [first, second, third] = route.replace(`${REPO}/`, '').split('/');
  if (route === 'user')
    return ok({ login: 'aino', ...(github.plan !== null && { plan: { name: github.plan } }) });
  if (route === REPO)
    return ok({
      full_name: 'aino/meemikansio',
      private: github.private,
      default_branch: 'main',
      owner: { login: 'aino', type: 'User' },
      permissions: { admin: github.admin },
    });
  if (first === 'commits') return github.head === null ? refused('(HTTP 409)') : ok({ sha: github.head });
  if (first === 'contents') return github.pinned ? ok({}) : NONE;
  if (first === 'pulls') return ok(github.pulls.map((number) => ({ number, head: { ref: 'pins-1' } })));
  if (first === 'releases')
    return ok(
      github.releases.map(({ commit, prerelease }) => ({
        tag_name: `build-${commit}`,
        prerelease,
        draft: false,
      })),
    );
  if (first === 'actions' && second === 'workflows') {
    const sha = new URLSearchParams(query).get('head_sha');
    const runs = github.runs.filter(
      (run) => `${run.workflow}.yml` === third && (sha === null || run.sha === sha),
    );
    return ok({ workflow_runs: runs.slice(0, 1).map(asRun) });
  }
  if (first === 'actions' && second === 'permissions')
    return ok({ can_approve_pull_request_reviews: github.pullRequests });
  if (first === 'actions' && second === 'variables')
    return ok({ variables: Object.entries(github.variables).map(([name, value]) => ({ name, value })) });
  const secretsOf = (environment: string) => ({
    secrets: Object.keys(github.secrets)
      .filter((key) => key.startsWith(`${environment}/`))
      .map((key) => ({ name: key.split('/')[1] })),
  });
  if (first === 'actions' && second === 'secrets') return ok(secretsOf('repository'));
  if (first === 'environments' && second !== undefined) {
    const found = github.environments[second];
    if (!found) return NONE;
    if (third === 'secrets') return ok(secretsOf(second));
    if (third === 'deployment-branch-policies')
      return ok({
        branch_policies: found.policies.map((policy) => {
          const [type, name] = policy.split(' ');
          return { type, name };
        }),
      });
    return ok({ deployment_branch_policy: found.limited ? { custom_branch_policies: true } : null });
  }
  throw new Error(`No stand-in for ${path}.`);
}

/** Changes something by GitHub's interface. */
function write(world: World, path: string, body: Record<string, unknown>): Outcome {
  const { github } = world.state;
  const [first, name = '', third] = path.replace(`${REPO}/`, '').split('/');
  if (first === 'actions') world.change(() => (github.pullRequests = true));
  else if (first === 'environments' && third === undefined) {
    if (github.private && github.plan === 'free') return NONE;
    const limited = body['deployment_branch_policy'] !== null;
    world.change(() => (github.environments[name] = { limited, policies: [] }));
  } else if (first === 'environments') {
    const environment = github.environments[name];
    if (!environment) return NONE;
    world.change(() => environment.policies.push(`${String(body['type'])} ${String(body['name'])}`));
  } else throw new Error(`No stand-in for ${path}.`);
  return ok();
}

/** Stands in for the command `gh`. Values come by standard input only. */
export function answerGh(world: World, args: readonly string[], input: string): Outcome {
  const { github } = world.state;
  const [first = '', second = '', third = ''] = args;
  const option = (name: string): string | undefined =>
    args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
  if (first === '--version') return ok();
  if (first === 'auth') return world.signedOut.includes('gh') ? refused('not logged in') : ok();
  if (first === 'api' && second !== '--method') return read(world, second);
  if (first === 'api') return write(world, args[3] ?? '', JSON.parse(input));
  if (second === 'set') {
    if (input === '') throw new Error(`${third} gets no value.`);
    const environment = option('--env') ?? 'repository';
    if (environment !== 'repository' && !github.environments[environment]) return NONE;
    world.change(() => {
      if (first === 'secret') github.secrets[`${environment}/${third}`] = input;
      else github.variables[third] = input;
    });
    return ok();
  }
  switch (`${first} ${second}`) {
    case 'workflow run': {
      const workflow = third.replace('.yml', '');
      if (workflow === 'pins' && !github.pullRequests)
        return refused('not permitted to create pull requests');
      world.change(() => world.startRun(workflow));
      return ok();
    }
    case 'pr merge':
      world.change(() => {
        github.pinned = true;
        github.pulls = github.pulls.filter((number) => String(number) !== third);
        world.push('b'.repeat(40));
      });
      return ok();
    case 'run rerun': {
      const run = github.runs.find(({ id }) => String(id) === third);
      if (!run) return refused('no such run');
      world.change(() =>
        Object.assign(run, { attempt: run.attempt + 1, status: 'in_progress', conclusion: null }),
      );
      return ok();
    }
    case 'release edit': {
      const release = github.releases.find(({ commit }) => `build-${commit}` === third);
      if (!release) return refused('release not found');
      world.change(() => {
        release.prerelease = false;
        world.startRun('deploy', release.commit);
      });
      return ok();
    }
    default:
      throw new Error(`No stand-in for gh ${args.join(' ')}.`);
  }
}
