import { decodeGrey } from './raster.ts';
import type { Recognizer } from './recognizer.ts';

export async function readPicture(files: readonly string[], recognizer: Recognizer): Promise<string> {
  const lines: string[] = [];
  for (const file of files) {
    const page = await decodeGrey(file);
    for (const line of await recognizer.recognize(page, 'page')) {
      const words = line.words.filter(({ confidence }) => confidence >= 60);
      if (line.confidence < 80 || words.length === 0) continue;
      lines.push(words.map(({ text }) => text).join(' '));
    }
  }
  return [...new Set(lines)].join('\n');
}
