import { createWorker, OEM, PSM } from 'tesseract.js';
import type { OcrLanguage } from './models.ts';
import type { PixelBox, Grey } from '../image/raster.ts';

/** A recognized word; its box is in pixels of the page. */
export interface RecognizedWord {
  text: string;
  /** Confidence by tesseract, 0–100. */
  confidence: number;
  box: PixelBox;
}

/** A recognized line; its box is in pixels of the page. */
export interface RecognizedLine {
  confidence: number;
  box: PixelBox;
  words: RecognizedWord[];
}

/** Layout for tesseract: a whole page of unknown layout, or one clean block of lines. */
export type Layout = 'page' | 'block';

/** Recognizes text on pages. */
export interface Recognizer {
  recognize(page: Grey, layout: Layout, language: OcrLanguage): Promise<RecognizedLine[]>;
  stop(): Promise<void>;
}

const SEGMENTATION_MODES = { page: PSM.AUTO, block: PSM.SINGLE_BLOCK } as const satisfies Record<Layout, PSM>;

/**
 * Encodes a page as binary PGM. It is the cheapest format for both sides and needs no compression.
 */
function toPgm({ width, height, data }: Grey): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);
}

/**
 * Creates a recognizer. It never downloads models.
 *
 * Each language has its own tesseract thread, which starts at the first use. Tesseract's mode for
 * two languages takes twice the time for words missing in the first dictionary.
 *
 * @param modelsDir - directory of intact models; tesseract crashes on a damaged one
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
  // Tesseract otherwise prints a comment for every page.
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
