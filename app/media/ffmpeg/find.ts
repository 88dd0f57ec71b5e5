import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

export interface FoundFfmpeg {
  /** What to start: an absolute path, or a name on the PATH. */
  command: string;
  version: string;
  /** Whether it is at least {@link OLDEST_FFMPEG}; a build from a repository has no number and counts as new. */
  supported: boolean;
}

/** Has every option that is used (`-fps_mode` came last); Debian 12 has it. The tests run with this one. */
export const OLDEST_FFMPEG = '5.1';

const staticModule = z.object({ default: z.string() });

/**
 * The ffmpeg to use: the configured one, else `ffmpeg` on the PATH, else the binary of the optional package
 * `ffmpeg-static`, where one that is too old counts only if there is no other. A configured one that does not run is
 * not silently replaced. `null` when there is none.
 */
export async function findFfmpeg(configured: string | undefined): Promise<FoundFfmpeg | null> {
  if (configured !== undefined) return versionOf(configured);
  const installed = await versionOf('ffmpeg');
  return installed?.supported ? installed : ((await bundled()) ?? installed);
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
    return version === undefined ? null : { command, version, supported: isSupported(version) };
  } catch {
    return null; // not there or not runnable: the next candidate, and the caller says so when none is left
  }
}

/** Compares `5.1.9-0+deb12u1`, `n7.0` and their like with {@link OLDEST_FFMPEG}. */
export function isSupported(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return true;
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_FFMPEG.split('.').map(Number);
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
