import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

/** The tasks that the app gives to ffmpeg. */
export type FfmpegTask = 'probe' | 'poster' | 'text';
export type FfmpegTrouble = 'missing' | 'hangs' | 'crashes';

/** An ffmpeg for `FFMPEG_PATH` that a test can hold at a task, or break. */
export interface FfmpegWrapper {
  path: string;
  /** Holds the next run for this task before it starts. */
  hold(task: FfmpegTask): Promise<HeldRun>;
  /** Breaks all later runs, and the held run. */
  breaks(how: FfmpegTrouble): Promise<void>;
  heal(): Promise<void>;
}

export interface HeldRun {
  /** Waits until a run is held. */
  reached(): Promise<void>;
  release(): Promise<void>;
}

/** A script that wraps the real ffmpeg. Files in its folder control it. */
const script = (control: string, real: string) => `#!/bin/sh
D='${control}'
case " $* " in
  *' -version '*) exec '${real}' "$@" ;;
  *frame-*) task=poster ;;
  *text-%*) task=text ;;
  *specimen.mp4*) task=check ;;
  *) task=probe ;;
esac
if [ -e "$D/hold-$task" ]; then
  : > "$D/reached-$task"
  while [ -e "$D/hold-$task" ]; do sleep 0.05; done
fi
[ -e "$D/crashes" ] && kill -SEGV $$
[ -e "$D/hangs" ] && exec sleep 600
[ -e "$D/missing" ] && exec "$D/no-such-ffmpeg"
exec '${real}' "$@"
`;

export async function wrapFfmpeg(folder: string): Promise<FfmpegWrapper> {
  const control = join(folder, 'control');
  const path = join(folder, 'ffmpeg');
  const away = `${path}.away`;
  await mkdir(control, { recursive: true });
  const real = execFileSync('sh', ['-c', 'command -v ffmpeg']).toString().trim();
  await writeFile(path, script(control, real));
  await chmod(path, 0o755);
  return {
    path,
    async hold(task) {
      const held = join(control, `hold-${task}`);
      const reached = join(control, `reached-${task}`);
      await rm(reached, { force: true });
      await writeFile(held, '');
      return {
        async reached() {
          for (const deadline = Date.now() + WAIT_HANGS_AFTER_MS; !existsSync(reached); await sleep(20))
            if (Date.now() > deadline) throw new Error(`ffmpeg was never asked for: ${task}`);
        },
        release: () => rm(held, { force: true }),
      };
    },
    async breaks(how) {
      await writeFile(join(control, how), '');
      if (how === 'missing') await rename(path, away);
    },
    async heal() {
      for (const how of ['missing', 'hangs', 'crashes']) await rm(join(control, how), { force: true });
      if (existsSync(away)) await rename(away, path);
    },
  };
}
