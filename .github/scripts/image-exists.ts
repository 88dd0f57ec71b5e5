import { required, step } from './actions.ts';
import { listReleases } from './github.ts';
import { releaseTagOf } from './release-tag.ts';
import { settingsOf } from './settings.ts';

/**
 * Every kind of manifest an image can have:
 * https://distribution.github.io/distribution/spec/manifest-v2-2/
 */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Registry {
  /** `https://host`. */
  origin: string;
  /** Name of the image within it: `namespace/name`. */
  name: string;
  /** Empty for a public image: it needs no account. */
  username: string;
  password: string;
}

/** Splits the registry's `host/namespace` into the parts of its HTTP interface. */
export function registryAddress(endpoint: string, image: string): Pick<Registry, 'origin' | 'name'> {
  const [host, ...path] = endpoint.replace(/^https:\/\//, '').split('/');
  if (!host || path.length === 0)
    throw new Error(`"${endpoint}" is not the address of a registry namespace.`);
  return { origin: `https://${host}`, name: [...path, image].join('/') };
}

/**
 * Returns the digest of the image under a tag; `null` if there is none. Signs in as the registry
 * requests (https://distribution.github.io/distribution/spec/auth/token/).
 *
 * @throws if the registry refuses or fails, which does not mean a missing image
 */
export async function imageDigest(registry: Registry, tag: string): Promise<string | null> {
  const url = `${registry.origin}/v2/${registry.name}/manifests/${tag}`;
  const account = Buffer.from(`${registry.username}:${registry.password}`).toString('base64');
  const basic = registry.username === '' ? null : `Basic ${account}`;
  const ask = (authorization: string | null) =>
    fetch(url, { method: 'HEAD', headers: { accept: MANIFESTS, ...(authorization && { authorization }) } });

  let response = await ask(null);
  if (response.status === 401) {
    const challenge = response.headers.get('www-authenticate') ?? '';
    response = await ask(/^bearer/i.test(challenge) ? await bearer(challenge, basic) : basic);
  }
  if (response.status === 404) return null;
  const digest = response.headers.get('docker-content-digest');
  if (!response.ok || digest === null)
    throw new Error(`The registry answered ${response.status} for the tag ${tag}.`);
  return digest;
}

async function bearer(challenge: string, basic: string | null): Promise<string> {
  const parts = new Map(
    Array.from(challenge.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', value = '']) => [key, value]),
  );
  const url = new URL(parts.get('realm') ?? '');
  for (const key of ['service', 'scope']) {
    const value = parts.get(key);
    if (value !== undefined) url.searchParams.set(key, value);
  }
  const response = await fetch(url, basic === null ? {} : { headers: { authorization: basic } });
  if (!response.ok) throw new Error(`The registry did not let us in (${response.status}).`);
  const body: { token?: string; access_token?: string } = await response.json();
  return `Bearer ${body.token ?? body.access_token ?? ''}`;
}

/**
 * Requires that a tag still means the image that was tested. A registry lets a tag be moved.
 *
 * @param tested the digest in the notes of the release; null if there is none
 */
export function requireTested(tag: string, digest: string, tested: string | null): void {
  if (tested === null)
    throw new Error(`The notes of the release name no image (@sha256:…), so nobody knows what was tested.`);
  if (tested !== digest)
    throw new Error(`The tag ${tag} is at ${digest}, and ${tested} was tested: it has been moved.`);
}

if (import.meta.main) {
  await step(async () => {
    const tag = required('IMAGE_TAG');
    const { registry: endpoint, image } = settingsOf(required('ENVIRONMENT'));
    const registry = {
      ...registryAddress(endpoint, image),
      // Any user name works; the secret key identifies the user:
      // https://www.scaleway.com/en/docs/container-registry/
      username: 'nologin',
      password: required('SCW_SECRET_KEY'),
    };
    const digest = await imageDigest(registry, tag);
    if (digest === null)
      throw new Error(`There is no image ${tag}: its build failed, or it was removed as too old.`);
    const releases = await listReleases(
      required('GITHUB_API_URL'),
      required('GITHUB_REPOSITORY'),
      required('GITHUB_TOKEN'),
    );
    const release = releases.find((one) => one.tag === releaseTagOf(tag));
    requireTested(tag, digest, release?.digest ?? null);
  });
}
