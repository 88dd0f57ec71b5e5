import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Languages that OCR reads, by tesseract's names. */
export type OcrLanguage = 'fin' | 'eng';

/** SHA-256 of the committed files, as in models/README.md. A truncated model crashes tesseract. */
const MODEL_SHA256 = {
  'eng.traineddata.gz': '4c2eca50c078bff5714711eec96f229a5ee4d1eeae063bb67409a0e214d6e376',
  'fin.traineddata.gz': '138c59f6a0bef68fd98d8baf565477f5cdb5198bfc4a68e558efd3b6a57acadd',
} as const satisfies Record<`${OcrLanguage}.traineddata.gz`, string>;

/**
 * Creates a check of the model files in a directory.
 *
 * The check returns null when every model is intact, otherwise a sentence with the bad file. It
 * hashes a file only after its size or times change, so frequent checks are cheap.
 */
export function createModelCheck(modelsDir: string): () => Promise<string | null> {
  const known = new Map<string, { stamp: string; problem: string | null }>();

  async function check(name: string, sha256: string): Promise<string | null> {
    const file = path.join(modelsDir, name);
    try {
      const { size, mtimeMs, ctimeMs, ino } = await stat(file);
      const stamp = [size, mtimeMs, ctimeMs, ino].join();
      const cached = known.get(name);
      if (cached?.stamp === stamp) return cached.problem;
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      const problem =
        hash.digest('hex') === sha256
          ? null
          : `The OCR model ${file} is corrupt: its SHA-256 is not the expected one.`;
      known.set(name, { stamp, problem });
      return problem;
    } catch (error) {
      known.delete(name);
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return reason === 'ENOENT'
        ? `The OCR model ${file} is missing.`
        : `The OCR model ${file} cannot be read (${reason}).`;
    }
  }

  return async function modelProblem() {
    for (const [name, sha256] of Object.entries(MODEL_SHA256)) {
      const problem = await check(name, sha256);
      if (problem !== null) return problem;
    }
    return null;
  };
}
