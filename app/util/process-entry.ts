import { extname, join } from 'node:path';

/**
 * Returns the file to run in a process or thread of its own. In source, it lies beside the calling
 * module; in a bundle, beside every chunk.
 *
 * @param meta `import.meta` of the calling module
 * @param name without extension, such as `engine.process`; `app/build.ts` makes an entry of every
 *   `*.process.ts` and `*.worker.ts`
 */
export const processEntry = (meta: ImportMeta, name: string): string =>
  join(meta.dirname, `${name}${extname(meta.filename)}`);
