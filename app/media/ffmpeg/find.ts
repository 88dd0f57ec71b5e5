import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

export interface FoundFfmpeg {
  /** The command: an absolute path, or a name on the PATH. */
  command: string;
  version: string;
  /**
   * Whether the version is at least {@link OLDEST_FFMPEG}. A build from a repository has no number
   * and counts as new.
   */
  supported: boolean;
}

/**
 * Has every option in use (`-fps_mode` came last). Debian 12 ships it, and the tests run with it.
 */
export const OLDEST_FFMPEG = '5.1';

const staticModule = z.object({ default: z.string() });

/**
 * Finds ffmpeg: the configured one, else `ffmpeg` on the PATH, else the binary of the optional
 * package `ffmpeg-static`. One that is too old counts only if there is no other. A configured one
 * that does not run is not silently replaced. Returns `null` if there is none.
 */
export async function findFfmpeg(configured: string | undefined): Promise<FoundFfmpeg | null> {
  if (configured !== undefined) return versionOf(configured);
  const installed = await versionOf('ffmpeg');
  return installed?.supported ? installed : ((await bundled()) ?? installed);
}

async function bundled(): Promise<FoundFfmpeg | null> {
  // The package is optional: its binary may have failed to download. The compiler therefore must
  // not check the import.
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
    // Missing or not runnable: try the next candidate. The caller reports if none is left.
    return null;
  }
}

/** Compares versions such as `5.1.9-0+deb12u1` and `n7.0` with {@link OLDEST_FFMPEG}. */
export function isSupported(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return true;
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_FFMPEG.split('.').map(Number);
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
