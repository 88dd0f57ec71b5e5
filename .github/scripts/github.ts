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
  /** Git blob id of the version that this one replaces. */
  replaces: string;
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
    body: JSON.stringify({ message, branch, sha: replaces, content: Buffer.from(text).toString('base64') }),
    signal: AbortSignal.timeout(PUT_TIMEOUT_MS),
  });
  const answer = await response.text();
  if (response.ok) return null;
  if (REFUSALS.has(response.status)) return `${response.status} ${answer}`;
  throw new Error(`GitHub answered ${response.status} to a new version of ${path}.`);
}
