import { findFfmpeg } from '../media/ffmpeg/find.ts';
import { aptInstall, mayInstall } from './apt.ts';

/**
 * Installs Debian's ffmpeg if none exists and this process is root on Debian or Ubuntu. Prints a
 * line before. The start continues without ffmpeg; its last line then says how to get it.
 *
 * @param configured FFMPEG_PATH. If set, a person chose it: nothing is installed.
 * @param refused `--no-install` was given
 */
export async function provideFfmpeg(
  configured: string | undefined,
  refused: boolean,
  say: (line: string) => void,
): Promise<void> {
  if (refused || configured !== undefined || (await findFfmpeg(undefined)) || !mayInstall()) return;
  say(
    'ffmpeg: videos need it; installing it by apt-get, about a minute (npm start -- --no-install leaves it out)',
  );
  if (!aptInstall(['ffmpeg'])) say('ffmpeg: apt-get could not install it');
}
