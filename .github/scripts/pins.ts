import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { environments } from '../../stacks/environments.ts';
import { addSummary, required, step } from './actions.ts';
import { git } from './commits.ts';
import { createBranch, openPullRequest, putFile } from './github.ts';
import { imageDigest } from './image-exists.ts';

/**
 * Pins the base images of the Dockerfile by digest and the providers by hash. Proposes both as a
 * pull request. Dependabot renews the digests from then on.
 */

/** Platforms on which releases, plans and operators run OpenTofu. */
const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];

/** Name, tag and, if pinned, digest of a base image. A name without a tag is a stage. */
const BASE = /^(FROM(?: --\S+)*) ([\w./-]+):([\w.-]+)(?:@sha256:[0-9a-f]{64})?/gm;

/** Returns a Dockerfile whose base images have the digests that their tags mean now. */
export async function pinnedDockerfile(
  text: string,
  digestOf: (name: string, tag: string) => Promise<string>,
): Promise<string> {
  const digests = new Map<string, string>();
  for (const [, , name = '', tag = ''] of text.matchAll(BASE))
    digests.set(`${name}:${tag}`, digests.get(`${name}:${tag}`) ?? (await digestOf(name, tag)));
  return text.replaceAll(
    BASE,
    (_whole, from: string, name: string, tag: string) =>
      `${from} ${name}:${tag}@${digests.get(`${name}:${tag}`)}`,
  );
}

/** Asks Docker Hub, where the images without a host in their name are. */
async function digestAtHub(name: string, tag: string): Promise<string> {
  const registry = { origin: 'https://registry-1.docker.io', name: `library/${name}` };
  const digest = await imageDigest({ ...registry, username: '', password: '' }, tag);
  if (digest === null) throw new Error(`Docker Hub has no ${name}:${tag}.`);
  return digest;
}

/** Makes the lock file of a stack for every platform. Returns its text. */
function lockOf(stack: string): string {
  const folder = join('cdktf.out/stacks', stack);
  const platforms = PLATFORMS.map((platform) => `-platform=${platform}`);
  execFileSync('tofu', [`-chdir=${folder}`, 'providers', 'lock', ...platforms], { stdio: 'inherit' });
  return readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8');
}

if (import.meta.main) {
  await step(async () => {
    const files = new Map<string, string>([
      ['Dockerfile', await pinnedDockerfile(readFileSync('Dockerfile', 'utf8'), digestAtHub)],
      ...['bootstrap', ...Object.keys(environments)].map((stack): [string, string] => [
        `stacks/locks/${stack}.lock.hcl`,
        lockOf(stack),
      ]),
    ]);
    const changed = [...files].filter(
      ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
    );
    if (changed.length === 0) return addSummary('Every pin is up to date.');
    const where = {
      api: required('GITHUB_API_URL'),
      repository: required('GITHUB_REPOSITORY'),
      token: required('GITHUB_TOKEN'),
    };
    const branch = `pins-${required('GITHUB_RUN_ID')}`;
    await createBranch({ ...where, branch, commit: git('rev-parse', 'HEAD') });
    for (const [path, text] of changed) {
      const replaces = existsSync(path) ? git('rev-parse', `HEAD:${path}`) : null;
      const refusal = await putFile({
        ...where,
        path,
        branch,
        replaces,
        text,
        message: `build: pin ${path}`,
      });
      if (refusal !== null) throw new Error(`GitHub refused the new version of ${path}: ${refusal}`);
    }
    const url = await openPullRequest({
      ...where,
      branch,
      into: required('BRANCH'),
      title: 'build: renew pins',
    });
    return addSummary(`Pins of ${changed.map(([path]) => path).join(', ')}: ${url}`);
  });
}
