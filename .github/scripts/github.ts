import { z } from 'zod';

export interface Release {
  tag: string;
  prerelease: boolean;
}

const PER_PAGE = 100;
const page = z.array(
  z.object({
    tag_name: z.string(),
    prerelease: z.boolean(),
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
    .map(({ tag_name, prerelease }) => ({ tag: tag_name, prerelease }));
}
