import type { Grey } from './raster.ts';

/**
 * Scales an ink map with a triangle filter and inverts it to black on white. The filter is as wide
 * as the step.
 */
export function resize({ width, height, data }: Grey, scale: number, scaleY: number): Grey {
  const outWidth = Math.max(1, Math.round(width * scale));
  const outHeight = Math.max(1, Math.round(height * scaleY));
  const columns = taps(width, outWidth);
  const rows = taps(height, outHeight);
  const across = new Float32Array(outWidth * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < outWidth; x += 1) {
      const { from, weights } = columns[x] ?? NO_TAP;
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1)
        sum += (weights[k] ?? 0) * (data[y * width + from + k] ?? 0);
      across[y * outWidth + x] = sum;
    }
  }
  const out = new Uint8Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y += 1) {
    const { from, weights } = rows[y] ?? NO_TAP;
    for (let x = 0; x < outWidth; x += 1) {
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1)
        sum += (weights[k] ?? 0) * (across[(from + k) * outWidth + x] ?? 0);
      out[y * outWidth + x] = 255 - Math.round(sum);
    }
  }
  return { width: outWidth, height: outHeight, data: out };
}

interface Tap {
  from: number;
  weights: Float32Array;
}

const NO_TAP: Tap = { from: 0, weights: new Float32Array(0) };

function taps(size: number, outSize: number): Tap[] {
  const step = size / outSize;
  const radius = Math.max(1, step);
  return Array.from({ length: outSize }, (_, index) => {
    const centre = (index + 0.5) * step - 0.5;
    const from = Math.max(0, Math.ceil(centre - radius));
    const to = Math.min(size - 1, Math.floor(centre + radius));
    const weights = new Float32Array(Math.max(1, to - from + 1));
    let total = 0;
    for (let k = 0; k < weights.length; k += 1) {
      weights[k] = Math.max(0, 1 - Math.abs(from + k - centre) / radius);
      total += weights[k] ?? 0;
    }
    if (total > 0) for (let k = 0; k < weights.length; k += 1) weights[k] = (weights[k] ?? 0) / total;
    else weights[0] = 1;
    return { from, weights };
  });
}
