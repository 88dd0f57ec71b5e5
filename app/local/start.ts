import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { exitWith } from './options.ts';
import { prepare } from './prepare.ts';

/** `npm start`: prepares, builds the page if it is out of date, and runs the app (app/main.ts). */
await prepare();
// A process of its own keeps the bundler's memory out of the server.
const script = join(import.meta.dirname, '../../client/build.ts');
const { status } = spawnSync(process.execPath, [script, '--if-stale'], { stdio: 'inherit' });
if (status !== 0) exitWith('The page could not be built; the message above says why.');
await import('../main.ts');
