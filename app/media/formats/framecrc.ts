/**
 * One stream of a listing: its header lines, the size of its first packet, and the time its packets
 * cover.
 */
export interface ListedStream {
  mediaType: string;
  codec: string;
  width: number;
  height: number;
  /** Pixel width divided by height; 1 if the file does not say. */
  pixelAspect: number;
  packets: number;
  firstPacketBytes: number;
  /** Seconds from the first packet's presentation to the end of the last one's. */
  seconds: number;
}

interface OpenStream extends ListedStream {
  timeBase: number;
  start: number;
  end: number;
  lastDts: number;
  step: number;
}

export interface FramecrcReader {
  write: (chunk: string) => void;
  /** The streams so far, in the order of the output. */
  streams: () => readonly (ListedStream | undefined)[];
}

/** Maximum length of a parsed line; a header line with the longest codec name stays far below. */
const MAX_LINE_CHARACTERS = 1000;

/**
 * Parses the listing of ffmpeg's `framecrc` muxer chunk by chunk. Header lines are `#name stream:
 * value`; packet lines are `stream, dts, pts, duration, size, checksum`.
 * https://ffmpeg.org/ffmpeg-formats.html#framecrc
 */
export function framecrcReader(): FramecrcReader {
  const streams = new Map<number, OpenStream>();
  let rest = '';
  const streamOf = (index: number): OpenStream => {
    const known = streams.get(index) ?? newStream();
    streams.set(index, known);
    return known;
  };
  const take = (line: string): void => {
    const header = /^#(\w+) (\d+): (\S+)/.exec(line);
    if (header) return readHeader(streamOf(Number(header[2])), header[1] ?? '', header[3] ?? '');
    if (line.startsWith('#')) return;
    const [index, dts, pts, duration, size] = line.split(',', 5).map(Number);
    if (index === undefined || dts === undefined || pts === undefined || size === undefined) return;
    const packet = { dts, pts, duration: duration ?? 0, size };
    if (Number.isInteger(index)) readPacket(streamOf(index), packet);
  };
  return {
    write: (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
      for (const line of lines) take(line);
    },
    streams: () => {
      const last = Math.max(-1, ...streams.keys());
      return Array.from({ length: last + 1 }, (_, i) => streams.get(i));
    },
  };
}

const newStream = (): OpenStream => ({
  mediaType: '',
  codec: '',
  width: 0,
  height: 0,
  pixelAspect: 1,
  packets: 0,
  firstPacketBytes: 0,
  seconds: 0,
  timeBase: 0,
  start: Infinity,
  end: -Infinity,
  lastDts: NaN,
  step: 0,
});

function readHeader(stream: OpenStream, name: string, value: string): void {
  const [left = 0, right = 0] = value.split(/[/x]/).map(Number);
  if (name === 'media_type') stream.mediaType = value;
  else if (name === 'codec_id') stream.codec = value;
  else if (name === 'dimensions') [stream.width, stream.height] = [left, right];
  else if (name === 'sar' && left > 0 && right > 0) stream.pixelAspect = left / right;
  else if (name === 'tb' && right > 0) stream.timeBase = left / right;
}

function readPacket(
  stream: OpenStream,
  { dts, pts, duration, size }: { dts: number; pts: number; duration: number; size: number },
): void {
  if (stream.packets === 0) stream.firstPacketBytes = size;
  stream.packets += 1;
  if (!Number.isSafeInteger(pts) || !Number.isSafeInteger(dts)) return;
  // Some containers, such as WebM, lack durations: a packet lasts as long as the last one did.
  if (dts > stream.lastDts) stream.step = dts - stream.lastDts;
  stream.lastDts = dts;
  stream.start = Math.min(stream.start, pts);
  stream.end = Math.max(stream.end, pts + (duration > 0 ? duration : stream.step));
  stream.seconds = (stream.end - stream.start) * stream.timeBase;
}
