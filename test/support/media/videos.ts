import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs ffmpeg and returns its output file. The file name is the last argument, added here. */
export function ffmpeg(args: readonly string[], extension: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'meemikansio-video-'));
  const out = join(folder, `out.${extension}`);
  try {
    // The error contains ffmpeg's output, so pipe it: encoders ignore the log level.
    execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, '-y', out], { stdio: 'pipe' });
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let count = 0;

/** A moving test picture, different on each call. */
export const pattern = ({ size = '320x180', seconds = 1, rate = 15 } = {}) =>
  `testsrc2=s=${size}:r=${rate}:d=${seconds},hue=h=${(count += 37)}`;

const input = (source: string) => ['-f', 'lavfi', '-i', source];
const TONE = ['-f', 'lavfi', '-i', 'sine=d=1'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

export const VIDEO_MAKERS = {
  mp4: () => ffmpeg([...input(pattern()), ...TONE, ...H264, '-c:a', 'aac', '-shortest'], 'mp4'),
  silentMp4: (source = pattern()) => ffmpeg([...input(source), ...H264], 'mp4'),
  webm: () =>
    ffmpeg([...input(pattern()), '-c:v', 'libvpx', '-b:v', '200k', '-deadline', 'realtime'], 'webm'),
  vp9: () =>
    ffmpeg([...input(pattern()), '-c:v', 'libvpx-vp9', '-b:v', '200k', '-deadline', 'realtime'], 'webm'),
  av1: (extension: 'mp4' | 'webm' = 'mp4') =>
    ffmpeg([...input(pattern()), '-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p'], extension),
  mov: () => ffmpeg([...input(pattern()), ...TONE, ...H264, '-c:a', 'aac', '-shortest'], 'mov'),
  hevc: () =>
    ffmpeg(
      [
        ...input(pattern()),
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none',
        '-tag:v',
        'hvc1',
      ],
      'mov',
    ),
} as const;

/** Makes a video that shows a picture for two seconds. */
export async function videoOf(still: Blob): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'meemikansio-still-'));
  const path = join(folder, 'still.png');
  try {
    writeFileSync(path, Buffer.from(await still.arrayBuffer()));
    return ffmpeg(['-loop', '1', '-framerate', '10', '-t', '2', '-i', path, ...H264], 'mp4');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const blobOf = (bytes: Uint8Array, type = '') => new Blob([Uint8Array.from(bytes)], { type });
