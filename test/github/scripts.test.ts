import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { removable, scalewayRegistry, type ImageTag } from '../../.github/scripts/cleanup.ts';
import { listReleases } from '../../.github/scripts/github.ts';
import { imageDigest, registryAddress, requireTested } from '../../.github/scripts/image-exists.ts';
import { planSummary } from '../../.github/scripts/plan-summary.ts';
import { commitOf, releaseTagOf } from '../../.github/scripts/release-tag.ts';
import { rollbackTo } from '../../.github/scripts/rollback.ts';
import { deployedRevision, waitForRevision } from '../../.github/scripts/site.ts';

// Tests the decisions of the workflows. Local servers answer as GitHub, the registry and the site
// do.

const commit = (digit: string) => digit.repeat(40);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

describe('the tag of a release', () => {
  it('is the commit with a prefix, and leads back to it', () => {
    expect(releaseTagOf(commit('a'))).toBe(`build-${commit('a')}`);
    expect(commitOf(releaseTagOf(commit('a')))).toBe(commit('a'));
  });

  it.each(['v1.0.0', commit('a'), 'build-abc', `build-${commit('A')}`, `build-${commit('a')};rm`, ''])(
    'is refused when it is %j',
    (tag) => expect(() => commitOf(tag)).toThrow(/must be tagged build-<commit>/),
  );

  it('is not made of less than a whole commit id', () => {
    expect(() => releaseTagOf('abc123')).toThrow(/not a full commit id/);
  });
});

describe('whether the image exists', () => {
  const DIGEST = `sha256:${'e'.repeat(64)}`;
  const registry = (origin: string) => ({
    origin,
    name: 'meemikansio/meemikansio',
    username: 'nologin',
    password: 'key',
  });

  /** Stands in for a registry that issues a token for user and password, and knows one tag. */
  const recorded: Handler = (request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    if (url.pathname === '/token') {
      const basic = Buffer.from('nologin:key').toString('base64');
      if (request.headers.authorization !== `Basic ${basic}`) return json(response, {}, 401);
      return json(response, { token: `for ${url.searchParams.get('scope')}` });
    }
    if (request.headers.authorization !== 'Bearer for repository:meemikansio/meemikansio:pull') {
      const challenge = `Bearer realm="http://${request.headers.host}/token",service="registry",scope="repository:meemikansio/meemikansio:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return undefined;
    }
    if (url.pathname.endsWith('/broken')) return response.writeHead(500).end();
    if (!url.pathname.endsWith(`/manifests/${commit('a')}`)) return response.writeHead(404).end();
    return response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
  };

  it('is told by its digest, after signing in as the registry asks', async () => {
    await using server = await serve(recorded);
    expect(await imageDigest(registry(server.url), commit('a'))).toBe(DIGEST);
  });

  it('is told apart: not there, failing, not let in', async () => {
    await using server = await serve(recorded);
    expect(await imageDigest(registry(server.url), commit('b'))).toBeNull();
    await expect(imageDigest(registry(server.url), 'broken')).rejects.toThrow(/answered 500/);
    const wrong = { ...registry(server.url), password: 'wrong' };
    await expect(imageDigest(wrong, commit('a'))).rejects.toThrow(/did not let us in \(401\)/);
  });

  it('is not enough: it must be the image that was tested', () => {
    expect(() => requireTested('a', DIGEST, DIGEST)).not.toThrow();
    const other = `sha256:${'f'.repeat(64)}`;
    expect(() => requireTested('a', other, DIGEST)).toThrow(/was tested: it has been moved/);
    expect(() => requireTested('a', DIGEST, null)).toThrow(/name no image/);
  });

  it('is asked where the registry says it is', () => {
    expect(registryAddress('rg.fr-par.scw.cloud/meemikansio', 'app')).toEqual({
      origin: 'https://rg.fr-par.scw.cloud',
      name: 'meemikansio/app',
    });
    expect(() => registryAddress('rg.fr-par.scw.cloud', 'app')).toThrow(/not the address/);
  });
});

describe('waiting for a revision', () => {
  const fast = { timeoutMs: 500, intervalMs: 5 };
  const site = (revisions: string[], ready: boolean[] = [true]) => {
    let asked = 0;
    let readyAsked = 0;
    return serve((request, response) => {
      if (request.url === '/api/health')
        return json(response, { revision: revisions[Math.min(asked++, revisions.length - 1)] });
      return json(response, {}, ready[Math.min(readyAsked++, ready.length - 1)] ? 200 : 503);
    });
  };

  it('ends when the site runs it steadily and is ready', async () => {
    await using server = await site(['old', 'new', 'old', 'new', 'new', 'new'], [true, false, true]);
    const patient = { ...fast, timeoutMs: 30_000 };
    await expect(waitForRevision(server.url, 'new', patient)).resolves.toBeUndefined();
  });

  it.each([
    ['it runs another', ['old'], [true], /does not run new after 0\.5 s: it says old/],
    ['old and new answer in turn', ['old', 'new', 'old', 'new', 'old'], [true], /does not run new/],
    ['its database is away', ['new'], [false], /is not ready/],
  ])('fails when %s', async (_, revisions, ready, message) => {
    await using server = await site(revisions, ready);
    await expect(waitForRevision(server.url, 'new', fast)).rejects.toThrow(message);
  });

  it('fails when nothing answers, or something else does', async () => {
    await expect(waitForRevision('http://127.0.0.1:9', 'new', fast)).rejects.toThrow(/says nothing/);
    await using other = await serve((_, response) => void response.end('<h1>Parked</h1>'));
    expect(await deployedRevision(other.url)).toBeNull();
  });
});

describe('the way back', () => {
  const released = [commit('3'), commit('2'), commit('1')];

  it('leads to what ran before', () => {
    expect(rollbackTo({ wanted: commit('3'), before: commit('1'), released })).toBe(commit('1'));
  });

  it.each(['', 'development', commit('3')])('leads to the release before when the site said %j', (before) => {
    expect(rollbackTo({ wanted: commit('3'), before, released })).toBe(commit('2'));
  });

  it('is not there for the first release', () => {
    expect(rollbackTo({ wanted: commit('3'), before: '', released: [commit('3')] })).toBeNull();
  });
});

describe('the releases', () => {
  it('are all read, page by page; drafts and foreign tags are none', async () => {
    const release = (n: number, more: object = {}) => ({
      tag_name: `build-${n.toString(16).padStart(40, '0')}`,
      prerelease: false,
      draft: false,
      published_at: new Date(n * 1000).toISOString(),
      ...more,
    });
    const all = [
      ...Array.from({ length: 100 }, (_, n) => release(n)),
      release(100, { draft: true }),
      release(101, { tag_name: 'v1' }),
      release(102, { prerelease: true, body: `Image: \`meemikansio@sha256:${'d'.repeat(64)}\`` }),
    ];
    await using server = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      if (request.headers.authorization !== 'Bearer token') return json(response, {}, 401);
      const page = Number(url.searchParams.get('page'));
      return json(response, all.slice((page - 1) * 100, page * 100));
    });
    const found = await listReleases(server.url, 'o/r', 'token');
    expect(found).toHaveLength(101);
    expect(found[0]).toEqual({
      tag: release(102).tag_name,
      prerelease: true,
      digest: `sha256:${'d'.repeat(64)}`,
    });
    expect(found[1]?.digest).toBeNull();
    expect(found[1]?.tag).toBe(release(99).tag_name);
    await expect(listReleases(server.url, 'o/r', 'wrong')).rejects.toThrow(/answered 401/);
  });
});

describe('the clean-up', () => {
  const now = new Date('2027-02-01T00:00:00Z');
  const tag = (digit: string, daysOld: number): ImageTag => ({
    id: digit,
    name: commit(digit),
    createdAt: new Date(now.getTime() - daysOld * 86_400_000),
  });

  it('takes what is old, and neither what runs nor the last five released', () => {
    const tags = ['1', '2', '3', '4', '5', '6', '7', '8'].map((digit) => tag(digit, 90));
    const released = ['8', '7', '6', '5', '4', '3'].map(commit);
    const gone = removable([...tags, tag('9', 29)], { now, deployed: commit('1'), released });
    expect(gone.map(({ id }) => id)).toEqual(['2', '3']);
  });

  it('leaves the build cache alone', () => {
    const cache = { ...tag('a', 400), name: 'build-cache' };
    expect(removable([cache], { now, deployed: '', released: [] })).toEqual([]);
  });

  it('reads every page of tags from the registry, and removes by id', async () => {
    const removed: string[] = [];
    await using server = await serve((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const path = pathname.replace('/registry/v1/regions/fr-par/', '');
      if (request.headers['x-auth-token'] !== 'key') return json(response, {}, 401);
      if (request.method === 'DELETE') {
        removed.push(path);
        return json(response, {});
      }
      if (path === 'namespaces') return json(response, { namespaces: [{ id: 'n', name: 'meemikansio' }] });
      if (path === 'images') return json(response, { images: [{ id: 'i', name: 'meemikansio' }] });
      const page = Number(searchParams.get('page'));
      const tags = page === 1 ? ['1', '2'] : ['3'];
      return json(response, {
        total_count: 3,
        tags: tags.map((digit) => ({ id: digit, name: commit(digit), created_at: '2026-01-01T00:00:00Z' })),
      });
    });
    const registry = scalewayRegistry(server.url, 'fr-par', 'key');
    const tags = await registry.tagsOf('meemikansio', 'meemikansio');
    expect(tags.map(({ id }) => id)).toEqual(['1', '2', '3']);
    await registry.remove(tag('2', 90));
    expect(removed).toEqual(['tags/2']);
    await expect(registry.tagsOf('another', 'x')).rejects.toThrow(/no registry namespace another/);
    await expect(scalewayRegistry(server.url, 'fr-par', 'x').tagsOf('a', 'b')).rejects.toThrow(
      /answered 401/,
    );
  });
});

describe('a plan for everybody to read', () => {
  it('begins with what it would do', () => {
    const text = planSummary('  + resource\n\nPlan: 1 to add, 0 to change, 0 to destroy.\n', []);
    expect(text).toMatch(/^### Plan: 1 to add, 0 to change, 0 to destroy\.\n/);
    expect(planSummary('No changes. Your infrastructure matches.\n', [])).toMatch(/^### No changes\./);
  });

  it('shows no secret, however it came in, not even percent-encoded', () => {
    const text = planSummary('url = "postgres://u:p%40ss-word/1@h"\nkey = "p@ss-word/1"', [
      'p@ss-word/1',
      '%40ss-word',
    ]);
    expect(text).not.toMatch(/ss-word/);
    expect(planSummary('p%40ss%2Fw', ['p@ss/w'])).toContain('(secret)');
  });

  it('cannot break out of its fence, and fits in a comment', () => {
    expect(planSummary('```\n@everyone', []).match(/```/g)).toHaveLength(2);
    expect(planSummary('x'.repeat(100_000), []).length).toBeLessThan(65_536);
  });
});
