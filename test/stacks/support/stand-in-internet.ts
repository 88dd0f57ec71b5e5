import { setupCodeOf } from '../../../stacks/deploy/setup-code.ts';
import { SITE } from '../../../stacks/deploy/site.ts';
import { ANSWERS, PROJECT, type World } from './stand-in-state.ts';

const json = (body: unknown, status = 200): Response => Response.json(body, { status });

/** Answers of Scaleway's interface about the operator's key. */
function scaleway(world: World, path: string, headers: Headers): Response {
  if (world.keyIsWrong || headers.get('x-auth-token') !== ANSWERS.SCW_SECRET_KEY) return json({}, 403);
  if (path === `/iam/v1alpha1/api-keys/${ANSWERS.SCW_ACCESS_KEY}`)
    return json({ default_project_id: PROJECT, user_id: world.keyOfApplication ? null : 'user-1' });
  return path === '/iam/v1alpha1/users/user-1' ? json({ organization_id: 'organization-1' }) : json({}, 404);
}

/** Answers of the site, which is there once it was deployed. */
function site(world: World, path: string, headers: Headers, body: string): Response {
  const { site: state, github } = world.state;
  if (state.revision === null) throw new TypeError('fetch failed');
  if (path === '/api/ready') return json({});
  if (path === '/api/health') return json({ revision: state.revision });
  if (path === '/api/auth/me') return json({ user: null, firstAccount: state.accounts.length === 0 });
  if (path !== '/api/auth/register') return json({}, 404);
  const { username, setupCode }: Record<string, string> = JSON.parse(body);
  if (headers.get('origin') !== SITE) return json({ code: 'other_origin' }, 403);
  const secret = Object.entries(github.secrets).find(([name]) => name.endsWith('/JWT_SECRET'))?.[1] ?? '';
  if (setupCode !== setupCodeOf(secret)) return json({ code: 'setup_code_wrong' }, 403);
  world.change(() => state.accounts.push(username ?? ''));
  return json({}, 201);
}

/** Stands in for every address that the command asks. */
export const answerFetch =
  (world: World): typeof fetch =>
  async (input, init = {}) => {
    const { url, headers } = new Request(input, init);
    const { origin, pathname } = new URL(url);
    if (origin === 'https://api.scaleway.com') return scaleway(world, pathname, headers);
    if (origin === SITE)
      return site(world, pathname, headers, typeof init.body === 'string' ? init.body : '');
    if (origin !== 'https://s3.fr-par.scw.cloud') throw new Error(`No stand-in for ${url}.`);
    const isTaken = [...world.state.buckets, ...world.state.takenBuckets].includes(pathname.slice(1));
    return new Response(null, { status: isTaken ? 403 : 404 });
  };
