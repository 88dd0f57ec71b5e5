import { createWorker, OEM, PSM } from 'tesseract.js';
import type { OcrLanguage } from './models.ts';
import type { PixelBox, Grey } from '../image/raster.ts';

export interface RecognizedWord {
  text: string;
  /** 0–100, tesseract's own. */
  confidence: number;
  box: PixelBox;
}

export interface RecognizedLine {
  confidence: number;
  box: PixelBox;
  words: RecognizedWord[];
}

/** How tesseract is to look for lines: a whole page of unknown layout, or one clean block of rows. */
export type Layout = 'page' | 'block';

export interface Recognizer {
  recognize(page: Grey, layout: Layout, language: OcrLanguage): Promise<RecognizedLine[]>;
  stop(): Promise<void>;
}

const SEGMENTATION_MODES = { page: PSM.AUTO, block: PSM.SINGLE_BLOCK } as const satisfies Record<Layout, PSM>;

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
  const workers = new Map<OcrLanguage, Promise<LanguageWorker>>();
  return {
    async recognize(page, layout, language) {
      const worker = workers.get(language) ?? startLanguageWorker(modelsDir, language);
      workers.set(language, worker);
      return (await worker).recognize(page, layout);
    },
    async stop() {
      for (const worker of workers.values()) await (await worker).stop();
    },
  };
}

interface LanguageWorker {
  recognize(page: Grey, layout: Layout): Promise<RecognizedLine[]>;
  stop(): Promise<void>;
}

async function startLanguageWorker(modelsDir: string, language: OcrLanguage): Promise<LanguageWorker> {
  const engine = await createWorker(language, OEM.LSTM_ONLY, {
    langPath: modelsDir,
    cacheMethod: 'none',
    gzip: true,
  });
  // It comments on every page otherwise.
  await engine.setParameters({ debug_file: '/dev/null', tessedit_do_invert: '0' });
  let current: Layout | undefined;

  return {
    async recognize(page, layout) {
      if (layout !== current)
        await engine.setParameters({ tessedit_pageseg_mode: SEGMENTATION_MODES[layout] });
      current = layout;
      const { data } = await engine.recognize(toPgm(page), {}, { text: false, blocks: true });
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
      await engine.terminate();
    },
  };
}

function toBox({ x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number }): PixelBox {
  return { left: x0, top: y0, right: x1, bottom: y1 };
}
