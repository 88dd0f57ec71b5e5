import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pinnedDockerfile } from '../../.github/scripts/pins.ts';

// Tests how base images are pinned.

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

describe('a Dockerfile', () => {
  it('gets the digest of each base image, asked for once; stages have none', async () => {
    const asked: string[] = [];
    const text = [
      'FROM node:24-slim AS deps',
      'FROM deps AS client',
      'FROM --platform=linux/amd64 debian:slim',
      `FROM node:24-slim@${digest('0')}`,
    ].join('\n');
    const pinned = await pinnedDockerfile(text, async (name, tag) => {
      asked.push(`${name}:${tag}`);
      return digest(name === 'node' ? 'a' : 'b');
    });
    expect(pinned.split('\n')).toEqual([
      `FROM node:24-slim@${digest('a')} AS deps`,
      'FROM deps AS client',
      `FROM --platform=linux/amd64 debian:slim@${digest('b')}`,
      `FROM node:24-slim@${digest('a')}`,
    ]);
    expect(asked).toEqual(['node:24-slim', 'debian:slim']);
  });

  it('of this repository has two base images to pin', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../Dockerfile'), 'utf8');
    const pinned = await pinnedDockerfile(text, async () => digest('c'));
    expect(pinned.match(/^FROM \S+@sha256:c{64}/gm)).toHaveLength(2);
    // The build without a registry takes local stand-ins, which have other digests.
    const script = readFileSync(join(import.meta.dirname, '../image/build.sh'), 'utf8');
    const [, pattern = ''] = /sed -E 's\/([^/]+)\/\/'/.exec(script) ?? [];
    expect(pinned.replaceAll(new RegExp(pattern, 'g'), '')).toBe(
      text.replaceAll(/@sha256:[0-9a-f]{64}/g, ''),
    );
  });
});
