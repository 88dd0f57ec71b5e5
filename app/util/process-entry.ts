import { extname, join } from 'node:path';

/**
 * The file to run in a process or a thread of its own: source beside the module that asks or, in a bundle, JavaScript beside every chunk.
 * @param meta `import.meta` of the asking module
 * @param name without extension, for example `engine.process`; `app/build.ts` makes an entry of every `*.process.ts` and `*.worker.ts`
 */
export const processEntry = (meta: ImportMeta, name: string): string =>
  join(meta.dirname, `${name}${extname(meta.filename)}`);
