import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';
import { parseEnv } from 'node:util';
import { environmentShape } from '../config.schema.ts';
import { editDistance } from '../util/edit-distance.ts';

const ENV_FILE = join(import.meta.dirname, '../../.env');

/** Maximum edit distance between a mistyped name and one of ours. */
const MAX_TYPOS = 2;

/**
 * Reads `.env` beside package.json into the environment. Existing variables keep their values.
 * Returns notices, a line each: that the file was read, and every name that resembles one of ours.
 *
 * Only `npm start`, `npm run dev` and the command line call this. The image, tests, benches and
 * builds never do.
 */
export function readEnvFile(path: string = ENV_FILE): string[] {
  if (!existsSync(path)) return [];
  const names = Object.keys(parseEnv(readFileSync(path, 'utf8')));
  loadEnvFile(path);
  return [
    `.env: read ${names.length} ${names.length === 1 ? 'variable' : 'variables'}`,
    ...names.flatMap((name) => {
      const meant = meantBy(name);
      return meant === undefined
        ? []
        : [`.env: there is no variable ${name}; is it ${meant}? See .env.example.`];
    }),
  ];
}

/**
 * Returns the variable that an unknown name probably means. Returns `undefined` for a known name or
 * another program's.
 */
export function meantBy(name: string): string | undefined {
  const known = Object.keys(environmentShape);
  if (known.includes(name)) return undefined;
  const [closest] = known
    .map((candidate) => ({ candidate, distance: distance(name, candidate) }))
    .filter(({ distance }) => distance <= MAX_TYPOS)
    .toSorted((a, b) => a.distance - b.distance);
  return closest?.candidate;
}

/**
 * Counts the typos between two names; case and underscores do not count. A prefix of one of our
 * names is one typo away.
 */
function distance(name: string, candidate: string): number {
  const [a, b] = [plain(name), plain(candidate)];
  if (a === b) return 0;
  if (b.length > 4 && (a.startsWith(b) || b.startsWith(a)) && Math.abs(a.length - b.length) <= 3) return 1;
  // Two different letters turn a short name into any other.
  return editDistance(a, b, { limit: Math.min(MAX_TYPOS, Math.floor(b.length / 4)) });
}

const plain = (name: string) => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
