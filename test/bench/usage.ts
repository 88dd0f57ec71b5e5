import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One bench, `npm run bench -- NAME`, with the description in its file. */
export interface Bench {
  name: string;
  text: string;
}

/**
 * Lists the benches of this folder: the files whose first comment gives their command. The others
 * are helpers.
 */
export function listBenches(folder: string = import.meta.dirname): Bench[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const name = file.slice(0, -'.ts'.length);
      const comments = readFileSync(join(folder, file), 'utf8').matchAll(/\/\*\*\n([^]*?)\*\//g);
      const own = Array.from(comments, ([, text = '']) => text).find((text) =>
        text.includes(`\`npm run bench -- ${name}`),
      );
      if (own === undefined) return [];
      return [
        {
          name,
          text: own
            .replaceAll(/^\s*\* ?/gm, '')
            .replaceAll(/\s+/g, ' ')
            .trim(),
        },
      ];
    });
}
