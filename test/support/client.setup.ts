import { execFileSync } from 'node:child_process';

/** Builds the client: the specs run against the production build, never against sources. */
export default function setup(): void {
  execFileSync(process.execPath, ['client/build.ts', '--if-stale'], { stdio: 'inherit' });
}
