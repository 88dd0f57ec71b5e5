import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** One tag of a file: its group (`IFD0`, `Track1`, `XMP-dc`), name and value. */
export interface Tag {
  group: string;
  name: string;
  value: string;
}

function withFile<T>(bytes: Uint8Array, extension: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'meemikansio-exiftool-'));
  try {
    const path = join(folder, `file.${extension}`);
    writeFileSync(path, bytes);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Returns all tags that exiftool finds, including duplicates, unknown tags and those in data
 * tracks.
 */
export function tagsOf(bytes: Uint8Array, extension: string): Tag[] {
  const options = ['-j', '-G1', '-a', '-u', '-ee', '-api', 'largefilesupport=1'];
  const answer = withFile(bytes, extension, (path) => execFileSync('exiftool', [...options, path]));
  const [tags = {}] = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(answer.toString()));
  return Object.entries(tags).flatMap(([key, value]) => {
    const [group = '', name] = key.split(':');
    return name === undefined ? [] : [{ group, name, value: String(value) }];
  });
}

/** Returns the file with these tags written into it. */
export const withTags = (bytes: Uint8Array, extension: string, tags: readonly string[]): Buffer =>
  withFile(bytes, extension, (path) => {
    execFileSync('exiftool', ['-q', '-m', '-overwrite_original', ...tags, path], { stdio: 'pipe' });
    return readFileSync(path);
  });
