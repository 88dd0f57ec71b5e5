/** Transfer function of HDR: SMPTE ST 2084 (PQ) or ARIB STD-B67 (HLG). */
export type HdrTransfer = 'pq' | 'hlg';
export type Rgb = readonly [number, number, number];

/** Transfer characteristics of ITU-T H.273, as AVIF, PNG, MP4 and Matroska code them. */
const TRANSFERS: ReadonlyMap<number, HdrTransfer> = new Map([
  [16, 'pq'],
  [18, 'hlg'],
]);

/** Returns the HDR transfer of a code of ITU-T H.273; `null` for any other. */
export const transferOf = (code: number): HdrTransfer | null => TRANSFERS.get(code) ?? null;

/** Luminance of white in an SDR picture, cd/m²: ITU-R BT.2408. */
const WHITE_NITS = 203;
/** Highest luminance that stays distinct, in units of white: 1000 cd/m², the level of mastering. */
export const PEAK = 1000 / WHITE_NITS;

/** Converts a PQ signal from 0 to 1 to light in units of white: ITU-R BT.2100 table 4. */
export function pqToLight(signal: number): number {
  const power = Math.max(0, signal) ** (1 / 78.84375);
  const share = (Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125);
  return (share * 10_000) / WHITE_NITS;
}

/** Converts an HLG signal to scene light, both from 0 to 1: ITU-R BT.2100 table 5. */
export const hlgToScene = (signal: number): number =>
  signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;

/**
 * Returns the factor from scene light of HLG to light in units of white. The display has a peak of
 * 1000 cd/m², and so a system gamma of 1.2 (ITU-R BT.2100).
 */
export function hlgGain(red: number, green: number, blue: number): number {
  const luminance = 0.2627 * red + 0.678 * green + 0.0593 * blue;
  return luminance > 0 ? PEAK * luminance ** 0.2 : 0;
}

/** Rows of the matrix from BT.2020 primaries to those of BT.709: ITU-R BT.2087. */
const [RED, GREEN, BLUE] = [
  [1.660491, -0.587641, -0.07285],
  [-0.12455, 1.1329, -0.008349],
  [-0.018151, -0.100579, 1.11873],
] as const;

/** Converts light of BT.2020 primaries to BT.709 ones. Components can leave the range of 0 to 1. */
export const toBt709 = ([r, g, b]: Rgb): Rgb => [
  RED[0] * r + RED[1] * g + RED[2] * b,
  GREEN[0] * r + GREEN[1] * g + GREEN[2] * b,
  BLUE[0] * r + BLUE[1] * g + BLUE[2] * b,
];
