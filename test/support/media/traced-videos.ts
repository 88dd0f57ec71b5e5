import { mp4Box } from './specimens.ts';
import { ffmpeg, pattern } from './videos.ts';

/** Must never be served. They stand for a place, a device or a name. */
export const SECRET_PLACE = 'N60.1699E024.9384';
export const SECRET_DEVICE = 'Testaajan kamera';
const SECRET_TIME = '2024-05-06T07:08:09Z';

const INPUT = ['-f', 'lavfi', '-i', pattern(), '-f', 'lavfi', '-i', 'sine=d=1'];
const CODERS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'];
const TAGS = [
  ['-metadata', `creation_time=${SECRET_TIME}`, '-metadata', `location=${SECRET_PLACE}`],
  ['-metadata', `title=${SECRET_PLACE}`, '-metadata', `artist=${SECRET_DEVICE}`],
  ['-metadata:s', `handler_name=${SECRET_DEVICE}`, '-metadata:s', `creation_time=${SECRET_TIME}`],
].flat();

/** An input of SubRip captions, as a drone records its position. */
export const captionInput = (): string[] => {
  const captions = `1\n00:00:00,000 --> 00:00:01,000\n${SECRET_PLACE}\n\n`;
  return ['-f', 'srt', '-i', `data:text/plain;base64,${Buffer.from(captions).toString('base64')}`];
};

/** Makes an MP4 or MOV with captions of places. */
const captioned = (extension: 'mp4' | 'mov') =>
  ffmpeg(
    [
      ...INPUT,
      ...captionInput(),
      '-map',
      '0',
      '-map',
      '1',
      '-map',
      '2',
      '-c:s',
      'mov_text',
      ...CODERS,
      ...TAGS,
    ],
    extension,
  );

/**
 * Stores the captions as another kind of track: GoPro's `gpmd`, Google's `camm` or Apple's `mebx`.
 */
function timedMetadata(code: 'gpmd' | 'camm' | 'mebx'): Buffer {
  const bytes = captioned('mp4');
  for (const [from, to] of [
    ['sbtl', 'meta'],
    ['tx3g', code],
  ] as const) {
    const at = bytes.lastIndexOf(from);
    bytes.write(to, at, 'latin1');
  }
  return bytes;
}

const tagged = (extension: 'mp4' | 'mov', more: readonly string[] = []) =>
  ffmpeg([...INPUT, ...CODERS, ...TAGS, ...more], extension);

/** Videos that contain time, place and device, one for each way to store them. */
export const TRACED_VIDEOS = {
  taggedMp4: () => tagged('mp4', ['-movflags', '+faststart+use_metadata_tags']),
  taggedMov: () => tagged('mov', ['-timecode', '07:08:09:00']),
  fragmentedMp4: () =>
    tagged('mp4', ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-write_prft', 'wallclock']),
  captionedMp4: () => captioned('mp4'),
  captionedMov: () => captioned('mov'),
  gpmdMp4: () => timedMetadata('gpmd'),
  cammMp4: () => timedMetadata('camm'),
  mebxMp4: () => timedMetadata('mebx'),
  foreignBoxes: () =>
    Buffer.concat([
      tagged('mp4'),
      mp4Box('uuid', Buffer.from(SECRET_PLACE.padEnd(40))),
      mp4Box('free', Buffer.from(SECRET_PLACE)),
      mp4Box('sefd', Buffer.from(SECRET_DEVICE)),
    ]),
  taggedWebm: () =>
    ffmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        pattern(),
        '-c:v',
        'libvpx',
        '-deadline',
        'realtime',
        ...TAGS,
        '-metadata:s:v',
        `title=${SECRET_DEVICE}`,
      ],
      'webm',
    ),
} as const;
