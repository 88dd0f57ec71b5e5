import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

export interface FoundFfmpeg {
  /** What to start: an absolute path, or a name on the PATH. */
  command: string;
  version: string;
}

const staticModule = z.object({ default: z.string() });

/**
 * The ffmpeg to use: the configured one, else `ffmpeg` on the PATH, else the binary of the optional package
 * `ffmpeg-static`. A configured one that does not run is not silently replaced. `null` when there is none.
 */
export async function findFfmpeg(configured: string | undefined): Promise<FoundFfmpeg | null> {
  if (configured !== undefined) return versionOf(configured);
  return (await versionOf('ffmpeg')) ?? (await bundled());
}

async function bundled(): Promise<FoundFfmpeg | null> {
  // An optional dependency: absent where its binary could not be downloaded, so not an import the compiler may check.
  const name = 'ffmpeg-static';
  const module: unknown = await import(name).catch(() => null);
  const found = staticModule.safeParse(module);
  return found.success ? versionOf(found.data.default) : null;
}

async function versionOf(command: string): Promise<FoundFfmpeg | null> {
  try {
    const { stdout } = await run(command, ['-hide_banner', '-version'], { timeout: 10_000 });
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1];
    return version === undefined ? null : { command, version };
  } catch {
    return null; // not there or not runnable: the next candidate, and the caller says so when none is left
  }
}
