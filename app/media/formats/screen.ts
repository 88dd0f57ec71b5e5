import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toneMapTable } from './tone-map-table.ts';
import type { Look } from './video-look.ts';

/** Options that turn a video into pictures for an SDR screen, transparency included. */
export interface Screen {
  /** Options before the input. */
  decoder: readonly string[];
  /**
   * Filters, each followed by a comma, for a frame that becomes a picture; empty for most videos.
   */
  toPicture: string;
  /** The same for frames that are coded as BT.709 video. */
  toVideo: string;
}

/**
 * Returns the decoder and the filters for a video. HDR is tone-mapped by a table (`lut3d`), at one
 * lookup a pixel. Every ffmpeg has that filter, unlike `zscale`. Writes the table into `folder`,
 * the working folder of the run.
 */
export async function screenFor({ range, alphaDecoder }: Look, folder: string): Promise<Screen> {
  const decoder = alphaDecoder === null ? [] : ['-c:v', alphaDecoder];
  if (range === 'sdr') return { decoder, toPicture: '', toVideo: '' };
  const table = `${range}.cube`;
  await writeFile(join(folder, table), await toneMapTable(range));
  const toPicture = `scale=in_color_matrix=bt2020,format=gbrp10le,lut3d=file=${table}:interp=tetrahedral,sidedata=mode=delete,`;
  const tags = 'color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv';
  return {
    decoder,
    toPicture: `${toPicture}format=rgb24,`,
    toVideo: `${toPicture}scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=${tags},`,
  };
}
