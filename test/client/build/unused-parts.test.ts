import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { edit } from '../../../client/unused-parts-plugin.ts';

/** Names that lead to the parts of Solid and the router that the build leaves out. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'solid-js': [
    'startTransition',
    'useTransition',
    'enableScheduling',
    'enableExternalSource',
    'Suspense',
    'createResource',
    'lazy',
  ],
  'solid-js/web': ['hydrate', 'renderToString'],
  '@solidjs/router': ['action', 'useAction', 'useSubmission', 'usePreloadRoute', 'query', 'createAsync'],
};

describe('parts of libraries that the build leaves out', () => {
  it('are used by no module of the client', async () => {
    const client = join(import.meta.dirname, '../../../client');
    for await (const file of glob('**/*.{ts,tsx}', { cwd: client }))
      for (const [, names = '', library = ''] of (await readFile(join(client, file), 'utf8')).matchAll(
        /import \{([^}]*)\} from '([^']+)'/g,
      ))
        for (const name of LEFT_OUT[library] ?? [])
          expect(names.split(/\W+/), `${file} imports from ${library}`).not.toContain(name);
  });

  it('fail the build once a new version of a library is written differently', () => {
    expect(edit('solid.js', 'let a = null; a = 1;', [['let a', 'const a']])).toBe('const a = null; a = 1;');
    expect(() => edit('solid.js', 'var a;', [['let a', 'const a']])).toThrow('solid.js has no let a');
  });
});
