import { existsSync } from 'node:fs';

/** Package managers by the file that identifies them, with the command to type. */
const MANAGERS = [
  ['/usr/bin/apt-get', 'apt-get install ffmpeg'],
  ['/usr/bin/dnf', 'dnf install ffmpeg-free'],
  ['/usr/bin/pacman', 'pacman -S ffmpeg'],
  ['/sbin/apk', 'apk add ffmpeg'],
] as const;

/** Returns the command that installs ffmpeg on this machine. */
export function ffmpegInstallCommand(
  platform: string = process.platform,
  exists: (path: string) => boolean = existsSync,
  root: boolean = process.getuid?.() === 0,
): string {
  if (platform === 'darwin') return 'brew install ffmpeg';
  const [, command] = MANAGERS.find(([file]) => exists(file)) ?? ['', ''];
  if (command === '') return 'install ffmpeg (https://ffmpeg.org/download.html)';
  return root ? command : `sudo ${command}`;
}
