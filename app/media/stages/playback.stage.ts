import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { faultOf, isPermanent } from '../fault.ts';
import { FfmpegError } from '../ffmpeg/run.ts';
import { onlyNeedsMp4, probeVideo } from '../formats/video.ts';
import { screenFor } from '../formats/screen.ts';
import { demuxerOf } from '../formats/video-look.ts';
import { StageError, type StageInput, type StageResult } from './stages.service.ts';
import { videoFormatOf } from './video-format.ts';

/** Long side of the transcoded picture in pixels: 720p of a landscape video. */
const MAX_SIDE_PIXELS = 1280;
/** Maximum length of the transcoded version in seconds; the original has the rest. */
const MAX_SECONDS = 600;
/** Maximum size in megabytes. */
const MAX_MB = 100;

/**
 * Makes an MP4 with H.264 and AAC that every browser plays. A MOV with those codecs only gets a new
 * container. Anything else is transcoded, bounded in length and size.
 */
export async function playbackStage(
  { ffmpeg }: { ffmpeg: Ffmpeg | null },
  { row, source, folder, signal }: StageInput,
): Promise<StageResult> {
  if (!ffmpeg) throw new StageError('ffmpeg', { permanent: false });
  const format = videoFormatOf(row.mime);
  const probe = await probeVideo(ffmpeg, source, format, folder);
  const { toVideo } = await screenFor(probe, folder);
  const path = join(folder, 'playback.mp4');
  await ffmpeg
    .run(
      [{ demuxer: demuxerOf(format), path: source }],
      [
        ['-map', '0:V:0', '-map', '0:a:0?', '-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn'],
        onlyNeedsMp4(probe) ? ['-c', 'copy'] : transcoding(toVideo),
        // Omit ffmpeg's own name and version, too.
        ['-fflags', '+bitexact', '-movflags', '+faststart', '-f', 'mp4', `file:${path}`],
      ],
      {
        cwd: folder,
        signal,
        background: true,
        limits: { timeoutMs: 1_100_000, cpuSeconds: 900, fileMb: MAX_MB + 20 },
      },
    )
    .catch(async (cause: unknown) => {
      if (!(cause instanceof FfmpegError) || faultOf(cause) === 'server') throw cause;
      const permanent = isPermanent(cause) && (await ffmpeg.works(folder));
      throw new StageError('conversion', { permanent, cause });
    });
  const key = `${randomUUID()}.mp4`;
  return {
    objects: [{ key, path, contentType: 'video/mp4', downloadName: row.original_name }],
    values: { playback_key: key },
  };
}

/**
 * Returns the options of a transcoding.
 *
 * @param toVideo filters of {@link screenFor}
 */
function transcoding(toVideo: string): string[] {
  const scale = `scale='min(${MAX_SIDE_PIXELS},iw*sar)':'min(${MAX_SIDE_PIXELS},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`;
  return [
    ['-t', String(MAX_SECONDS), '-fs', `${MAX_MB}M`],
    ['-vf', `${scale},setsar=1,${toVideo}format=yuv420p`, '-fpsmax', '30'],
    [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-crf',
      '24',
      '-maxrate',
      '3M',
      '-bufsize',
      '6M',
      '-threads',
      '1',
    ],
    ['-c:a', 'aac', '-b:a', '128k', '-ac', '2'],
  ].flat();
}
