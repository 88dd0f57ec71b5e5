import { z } from 'zod';

export interface Release {
  tag: string;
  prerelease: boolean;
  /** Digest of the tested image, as the notes have it; null if somebody has removed it. */
  digest: string | null;
}

const PER_PAGE = 100;
const PUT_TIMEOUT_MS = 30_000;
const page = z.array(
  z.object({
    tag_name: z.string(),
    prerelease: z.boolean(),
    body: z.string().nullish(),
    draft: z.boolean(),
    published_at: z.string().nullable(),
  }),
);

/**
 * Lists the releases of this pipeline, latest published first.
 * https://docs.github.com/en/rest/releases/releases
 */
export async function listReleases(api: string, repository: string, token: string): Promise<Release[]> {
  const found: z.infer<typeof page> = [];
  for (let number = 1; ; number++) {
    const response = await fetch(`${api}/repos/${repository}/releases?per_page=${PER_PAGE}&page=${number}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    });
    if (!response.ok) throw new Error(`GitHub answered ${response.status} when asked for the releases.`);
    const releases = page.parse(await response.json());
    found.push(...releases);
    if (releases.length < PER_PAGE) break;
  }
  return found
    .filter((release) => !release.draft && /^build-[0-9a-f]{40}$/.test(release.tag_name))
    .sort((a, b) => (b.published_at ?? '').localeCompare(a.published_at ?? ''))
    .map(({ tag_name, prerelease, body }) => ({
      tag: tag_name,
      prerelease,
      digest: /@(sha256:[0-9a-f]{64})/.exec(body ?? '')?.[1] ?? null,
    }));
}

interface FileChange {
  api: string;
  repository: string;
  token: string;
  path: string;
  branch: string;
  /** Git blob id of the version that this one replaces; null for a new file. */
  replaces: string | null;
  text: string;
  /** Message of the commit. */
  message: string;
}

/** Answers for a protected branch, a missing permission, or a file that changed meanwhile. */
const REFUSALS: ReadonlySet<number> = new Set([403, 409, 422]);

/**
 * Commits a new version of a file to a branch.
 * https://docs.github.com/en/rest/repos/contents#create-or-update-file-contents
 *
 * @returns `null` when the commit is there, otherwise GitHub's words why it refuses it
 * @throws when GitHub fails or does not answer within 30 s
 */
export async function putFile(change: FileChange): Promise<string | null> {
  const { api, repository, token, path, branch, replaces, text, message } = change;
  const response = await fetch(`${api}/repos/${repository}/contents/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    body: JSON.stringify({
      message,
      branch,
      ...(replaces !== null && { sha: replaces }),
      content: Buffer.from(text).toString('base64'),
    }),
    signal: AbortSignal.timeout(PUT_TIMEOUT_MS),
  });
  const answer = await response.text();
  if (response.ok) return null;
  if (REFUSALS.has(response.status)) return `${response.status} ${answer}`;
  throw new Error(`GitHub answered ${response.status} to a new version of ${path}.`);
}

interface Repository {
  api: string;
  repository: string;
  token: string;
}

async function post({ api, repository, token }: Repository, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`GitHub answered ${response.status} to ${path}: ${await response.text()}`);
  return response.json();
}

/** Makes a branch at a commit. https://docs.github.com/en/rest/git/refs#create-a-reference */
export async function createBranch(change: Repository & { branch: string; commit: string }): Promise<void> {
  await post(change, 'git/refs', { ref: `refs/heads/${change.branch}`, sha: change.commit });
}

/**
 * Opens a pull request. https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
 *
 * @returns its address
 */
export async function openPullRequest(
  change: Repository & { branch: string; into: string; title: string },
): Promise<string> {
  const { branch, into, title } = change;
  const answer = await post(change, 'pulls', { head: branch, base: into, title });
  return z.object({ html_url: z.string() }).parse(answer).html_url;
}
