/** GitHub refuses a tag of 40 hexadecimal digits, because it looks like a commit. */
const PREFIX = 'build-';
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Returns the tag of the release that promotes the image of a commit.
 *
 * @throws for an incomplete commit id
 */
export function releaseTagOf(commit: string): string {
  if (!COMMIT.test(commit)) throw new Error(`"${commit}" is not a full commit id.`);
  return PREFIX + commit;
}

/**
 * Returns the commit of a release, which is also the tag of its image.
 *
 * @throws for a tag of another form
 */
export function commitOf(releaseTag: string): string {
  const commit = releaseTag.startsWith(PREFIX) ? releaseTag.slice(PREFIX.length) : '';
  if (!COMMIT.test(commit)) {
    throw new Error(
      `The release must be tagged ${PREFIX}<commit>, as the pre-release was; this one is "${releaseTag}".`,
    );
  }
  return commit;
}
