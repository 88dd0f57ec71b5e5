import { findFfmpeg } from '../media/ffmpeg/find.ts';
import { aptInstall, mayInstall } from './apt.ts';

/**
 * Installs Debian's ffmpeg when there is none and this process may: root on Debian or Ubuntu. Says so in a line before.
 * A start goes on without it in every case; its last line then says how to get it.
 * @param configured FFMPEG_PATH. One that is set is a person's choice: nothing is installed.
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
