import { createWorker, OEM, PSM } from 'tesseract.js';
import type { Language } from './models.ts';
import type { Box, Grey } from '../image/raster.ts';

export interface PageWord {
  text: string;
  /** 0–100, tesseract's own. */
  confidence: number;
  box: Box;
}

export interface PageLine {
  confidence: number;
  box: Box;
  words: PageWord[];
}

/** How tesseract is to look for lines: a whole page of unknown layout, or one clean block of rows. */
export type Layout = 'page' | 'block';

export interface Recognizer {
  recognize(page: Grey, layout: Layout, language: Language): Promise<PageLine[]>;
  stop(): Promise<void>;
}

const SEGMENTATION = { page: PSM.AUTO, block: PSM.SINGLE_BLOCK } as const satisfies Record<Layout, PSM>;

/** Binary PGM: the cheapest thing both sides understand, no compression on the way to the next thread. */
function toPgm({ width, height, data }: Grey): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);
}

/**
 * Makes a recognizer on the models of `modelsDir`, which must be whole: nothing is ever fetched, and what tesseract does
 * with a damaged model is to crash. Each language has a tesseract of its own, in a thread of its own that starts when
 * the language is first asked for: tesseract's own way with two languages takes twice the time on every word that is
 * not in the first one's dictionary.
 */
export function createRecognizer(modelsDir: string): Recognizer {
  const tongues = new Map<Language, Promise<Tongue>>();
  return {
    async recognize(page, layout, language) {
      const tongue = tongues.get(language) ?? startTongue(modelsDir, language);
      tongues.set(language, tongue);
      return (await tongue).recognize(page, layout);
    },
    async stop() {
      for (const tongue of tongues.values()) await (await tongue).stop();
    },
  };
}

interface Tongue {
  recognize(page: Grey, layout: Layout): Promise<PageLine[]>;
  stop(): Promise<void>;
}

async function startTongue(modelsDir: string, language: Language): Promise<Tongue> {
  const worker = await createWorker(language, OEM.LSTM_ONLY, {
    langPath: modelsDir,
    cacheMethod: 'none',
    gzip: true,
  });
  // It comments on every page otherwise.
  await worker.setParameters({ debug_file: '/dev/null', tessedit_do_invert: '0' });
  let current: Layout | undefined;

  return {
    async recognize(page, layout) {
      if (layout !== current) await worker.setParameters({ tessedit_pageseg_mode: SEGMENTATION[layout] });
      current = layout;
      const { data } = await worker.recognize(toPgm(page), {}, { text: false, blocks: true });
      return (data.blocks ?? [])
        .flatMap(({ paragraphs }) => paragraphs)
        .flatMap(({ lines }) => lines)
        .map(({ confidence, bbox, words }) => ({
          confidence,
          box: toBox(bbox),
          words: words.map((word) => ({
            text: word.text.normalize('NFC'),
            confidence: word.confidence,
            box: toBox(word.bbox),
          })),
        }));
    },
    async stop() {
      await worker.terminate();
    },
  };
}

function toBox({ x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number }): Box {
  return { left: x0, top: y0, right: x1, bottom: y1 };
}
