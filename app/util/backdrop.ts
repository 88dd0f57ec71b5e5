const LIGHT = '#ffffff';
const DARK = '#202024';
/** A transparent picture whose ink has a mean luminance above this needs a dark background. */
const LIGHT_INK_LUMINANCE = 150;
/** A pixel with at least this alpha, of 255, counts as opaque: scaling rounds. */
const MIN_OPAQUE_ALPHA = 250;

/**
 * Returns the background that keeps a transparent picture readable on any page: dark under light
 * ink, white otherwise. Returns `null` for an opaque picture. The thumbnail and text recognition
 * use it.
 *
 * @param pixels 8 bits a channel; the last of 2 or 4 channels is alpha
 */
export function backdropFor(pixels: Uint8Array, channels: number): string | null {
  if (channels !== 2 && channels !== 4) return null;
  let light = 0;
  let covered = 0;
  for (let at = 0; at < pixels.length; at += channels) {
    const alpha = pixels[at + channels - 1] ?? 255;
    const red = pixels[at] ?? 0;
    const luminance =
      channels === 2 ? red : 0.2126 * red + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
    light += luminance * alpha;
    covered += alpha;
  }
  if (isOpaque(pixels, channels)) return null;
  return covered > 0 && light / covered > LIGHT_INK_LUMINANCE ? DARK : LIGHT;
}

/** Tells whether every pixel is opaque. The last of 2 or 4 channels is alpha. */
export function isOpaque(pixels: Uint8Array, channels: number): boolean {
  if (channels !== 2 && channels !== 4) return true;
  for (let at = channels - 1; at < pixels.length; at += channels)
    if ((pixels[at] ?? 255) < MIN_OPAQUE_ALPHA) return false;
  return true;
}
