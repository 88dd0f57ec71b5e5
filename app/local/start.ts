import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { exitWith } from './options.ts';
import { prepare } from './prepare.ts';

/** `npm start`: prepares, builds the page when it is not up to date, and then is the app (app/main.ts). */
await prepare();
// In a process of its own: the bundler's memory is not the server's.
const script = join(import.meta.dirname, '../../client/build.ts');
const { status } = spawnSync(process.execPath, [script, '--if-stale'], { stdio: 'inherit' });
if (status !== 0) exitWith('The page could not be built; the message above says why.');
await import('../main.ts');
