import type { Rgb } from './raster.ts';

/** A patch of even colour large enough to write on: paper, a bubble, a bar, a panel. */
export interface Ground {
  area: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Mean colour. */
  red: number;
  green: number;
  blue: number;
}

export interface Grounds {
  /** Number of the ground each pixel belongs to, 0 for none. */
  labels: Uint16Array;
  /** By number minus one. */
  grounds: Ground[];
}

/** Largest difference of a channel between neighbours, and from where the patch began: JPEG noise passes, edges do not. */
const STEP = 7;
const SPREAD = 26;
/** Share of the picture a patch must have to be a ground. */
const MIN_SHARE = 0.004;
const MAX_GROUNDS = 2000;

export function findGrounds({ width, height, data }: Rgb): Grounds {
  const size = width * height;
  const labels = new Uint16Array(size);
  const seen = new Uint8Array(size);
  const queue = new Int32Array(size);
  const grounds: Ground[] = [];
  const minArea = Math.max(64, Math.round(size * MIN_SHARE));

  for (let seed = 0; seed < size; seed += 1) {
    if (seen[seed] !== 0) continue;
    const [r0, g0, b0] = [data[seed * 3] ?? 0, data[seed * 3 + 1] ?? 0, data[seed * 3 + 2] ?? 0];
    let length = 1;
    queue[0] = seed;
    seen[seed] = 1;
    for (let next = 0; next < length; next += 1) {
      const at = queue[next] ?? 0;
      const x = at % width;
      const byte = at * 3;
      const r = data[byte] ?? 0;
      const g = data[byte + 1] ?? 0;
      const b = data[byte + 2] ?? 0;
      for (let side = 0; side < 4; side += 1) {
        let to: number;
        if (side === 0) {
          if (x === 0) continue;
          to = at - 1;
        } else if (side === 1) {
          if (x + 1 === width) continue;
          to = at + 1;
        } else if (side === 2) {
          if (at < width) continue;
          to = at - width;
        } else {
          if (at + width >= size) continue;
          to = at + width;
        }
        if (seen[to] !== 0) continue;
        const target = to * 3;
        const r1 = data[target] ?? 0;
        const g1 = data[target + 1] ?? 0;
        const b1 = data[target + 2] ?? 0;
        if (
          Math.abs(r1 - r) > STEP ||
          Math.abs(g1 - g) > STEP ||
          Math.abs(b1 - b) > STEP ||
          Math.abs(r1 - r0) > SPREAD ||
          Math.abs(g1 - g0) > SPREAD ||
          Math.abs(b1 - b0) > SPREAD
        )
          continue;
        seen[to] = 1;
        queue[length] = to;
        length += 1;
      }
    }
    if (length < minArea || grounds.length >= MAX_GROUNDS) continue;
    const ground: Ground = {
      area: length,
      left: width,
      top: height,
      right: 0,
      bottom: 0,
      red: 0,
      green: 0,
      blue: 0,
    };
    for (let index = 0; index < length; index += 1) {
      const at = queue[index] ?? 0;
      labels[at] = grounds.length + 1;
      const x = at % width;
      const y = (at - x) / width;
      if (x < ground.left) ground.left = x;
      if (x >= ground.right) ground.right = x + 1;
      if (y < ground.top) ground.top = y;
      if (y >= ground.bottom) ground.bottom = y + 1;
      ground.red += data[at * 3] ?? 0;
      ground.green += data[at * 3 + 1] ?? 0;
      ground.blue += data[at * 3 + 2] ?? 0;
    }
    ground.red /= length;
    ground.green /= length;
    ground.blue /= length;
    grounds.push(ground);
  }
  return { labels, grounds };
}

export function contrast(a: Ground, b: Ground): number {
  return Math.max(Math.abs(a.red - b.red), Math.abs(a.green - b.green), Math.abs(a.blue - b.blue));
}

/** Pixels of soft edge and JPEG ringing between two grounds that touch. */
const SEAM = 6;
/** Share of a patch's edges beyond which the one other ground lies. */
const SURROUNDED = 0.75;
const MIN_CONTRAST = 30;

/**
 * Takes the bodies of very bold letters out of the grounds. Such a body is as large and as even as a small speech
 * bubble; but left and right of it lies, nearly everywhere, one and the same larger ground, while in a bubble there
 * are letters, whose edges outnumber its own.
 */
export function dropLetterBodies({ labels, grounds }: Grounds, width: number, height: number): Grounds {
  const maxHeight = 0.3 * height;
  const small = grounds.map(
    (ground) => ground.bottom - ground.top <= maxHeight && ground.right - ground.left <= 0.5 * width,
  );
  if (!small.includes(true)) return { labels, grounds };
  const edges = grounds.map(() => 0);
  const beyond = grounds.map(() => new Map<number, number>());
  const meet = (one: number, other: number) => {
    if (one === 0 || !small[one - 1]) return;
    edges[one - 1] = (edges[one - 1] ?? 0) + 1;
    if (other === 0 || other === one) return;
    const counts = beyond[one - 1];
    counts?.set(other, (counts.get(other) ?? 0) + 1);
  };
  for (let y = 0; y < height; y += 1) {
    let last = 0;
    let end = 0;
    for (let x = 0; x < width; x += 1) {
      const label = labels[y * width + x] ?? 0;
      if (label === 0) continue;
      if (label !== last || x - end > 1) {
        const touching = x - end <= SEAM + 1;
        meet(last, touching ? label : 0);
        meet(label, touching ? last : 0);
      }
      last = label;
      end = x;
    }
    meet(last, 0);
  }
  const dropped = grounds.map((ground, index) => {
    const [most] = [...(beyond[index] ?? [])].sort((a, b) => b[1] - a[1]);
    if (!small[index] || most === undefined) return false;
    const other = grounds[most[0] - 1];
    return (
      other !== undefined &&
      other.area > ground.area &&
      contrast(ground, other) >= MIN_CONTRAST &&
      most[1] >= SURROUNDED * (edges[index] ?? 0)
    );
  });
  if (!dropped.includes(true)) return { labels, grounds };
  const kept = labels.map((label) => (label !== 0 && dropped[label - 1] ? 0 : label));
  return { labels: kept, grounds };
}
