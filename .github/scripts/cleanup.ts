import { z } from 'zod';
import { addSummary, required, step } from './actions.ts';
import { listReleases } from './github.ts';
import { commitOf } from './release-tag.ts';
import { settingsOf } from './settings.ts';
import { deployedRevision } from './site.ts';

const DAY_MS = 86_400_000;
const MAX_AGE_DAYS = 30;
const KEPT_RELEASES = 5;
const COMMIT = /^[0-9a-f]{40}$/;

export interface ImageTag {
  id: string;
  name: string;
  createdAt: Date;
}

interface Situation {
  now: Date;
  /** The commit that the site runs. */
  deployed: string;
  /** Released commits, newest first. */
  released: readonly string[];
}

/**
 * Returns the removable images: built more than 30 days ago, not running, and not among the last
 * five releases. A tag that is no commit (the build cache) is kept.
 */
export function removable(tags: readonly ImageTag[], { now, deployed, released }: Situation): ImageTag[] {
  const kept = new Set([deployed, ...released.slice(0, KEPT_RELEASES)]);
  return tags.filter(
    ({ name, createdAt }) =>
      COMMIT.test(name) && !kept.has(name) && now.getTime() - createdAt.getTime() > MAX_AGE_DAYS * DAY_MS,
  );
}

const namespaces = z.object({ namespaces: z.array(z.object({ id: z.string(), name: z.string() })) });
const images = z.object({ images: z.array(z.object({ id: z.string(), name: z.string() })) });
const tagPage = z.object({
  tags: z.array(z.object({ id: z.string(), name: z.string(), created_at: z.coerce.date() })),
  total_count: z.number(),
});

/** Client of Scaleway's registry: https://www.scaleway.com/en/developers/api/container-registry/ */
export function scalewayRegistry(api: string, region: string, secretKey: string) {
  const call = async (method: string, path: string): Promise<unknown> => {
    const url = `${api}/registry/v1/regions/${region}/${path}`;
    const response = await fetch(url, { method, headers: { 'x-auth-token': secretKey } });
    if (!response.ok) throw new Error(`${method} ${path}: the registry answered ${response.status}.`);
    return response.json();
  };
  return {
    async tagsOf(namespace: string, image: string): Promise<ImageTag[]> {
      const spaces = namespaces.parse(await call('GET', `namespaces?name=${encodeURIComponent(namespace)}`));
      const space = spaces.namespaces.find(({ name }) => name === namespace);
      if (!space) throw new Error(`There is no registry namespace ${namespace}.`);
      const query = `images?namespace_id=${space.id}&name=${encodeURIComponent(image)}`;
      const found = images.parse(await call('GET', query)).images.find(({ name }) => name === image);
      const tags: ImageTag[] = [];
      if (!found) return tags;
      for (let page = 1; ; page++) {
        const answer = tagPage.parse(await call('GET', `images/${found.id}/tags?page=${page}&page_size=100`));
        tags.push(...answer.tags.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at })));
        if (answer.tags.length === 0 || tags.length >= answer.total_count) break;
      }
      return tags;
    },
    remove: async (tag: ImageTag): Promise<void> => void (await call('DELETE', `tags/${tag.id}`)),
  };
}

if (import.meta.main) {
  await step(async () => {
    const { site, registry: endpoint, image } = settingsOf(required('ENVIRONMENT'));
    const deployed = await deployedRevision(site);
    // Without the running commit, no image is safe to remove.
    if (deployed === null) throw new Error('The site does not say what it runs: nothing is removed.');
    const releases = await listReleases(
      required('GITHUB_API_URL'),
      required('GITHUB_REPOSITORY'),
      required('GITHUB_TOKEN'),
    );
    const released = releases
      .filter((release) => !release.prerelease)
      .map((release) => commitOf(release.tag));
    const [, region = '', namespace = ''] = /^rg\.([a-z-]+)\.scw\.cloud\/([\w-]+)$/.exec(endpoint) ?? [];
    const registry = scalewayRegistry('https://api.scaleway.com', region, required('SCW_SECRET_KEY'));
    const tags = await registry.tagsOf(namespace, image);
    const old = removable(tags, { now: new Date(), deployed, released });
    for (const tag of old) await registry.remove(tag);
    addSummary(
      `Removed ${old.length} of ${tags.length} images.\n${old.map(({ name }) => `- ${name}`).join('\n')}`,
    );
  });
}
