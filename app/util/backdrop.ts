const LIGHT = '#ffffff';
const DARK = '#202024';
/** Above this mean luminance, what is drawn on a transparent picture needs a dark ground. */
const LIGHT_INK = 150;
/** From this value of alpha on, of 255, a pixel counts as opaque: scaling rounds. */
const OPAQUE_FROM = 250;

/**
 * The ground on which a transparent picture can be read whatever colour the page has: dark under light ink, white
 * under anything else. `null` for a picture that covers its whole area. The thumbnail and the reader of words use it.
 *
 * @param pixels - 8 bits a channel; the last of 2 or 4 channels is alpha
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
  return covered > 0 && light / covered > LIGHT_INK ? DARK : LIGHT;
}

/** Whether no pixel lets anything through; the last of 2 or 4 channels is alpha. */
export function isOpaque(pixels: Uint8Array, channels: number): boolean {
  if (channels !== 2 && channels !== 4) return true;
  for (let at = channels - 1; at < pixels.length; at += channels)
    if ((pixels[at] ?? 255) < OPAQUE_FROM) return false;
  return true;
}
