import type { Plugin } from 'vite';

/**
 * Modules that libraries import and the client never uses, and their replacements. They are 2.5 kB
 * of the first load (gzip). TanStack Query creates a cache of mutations, and Hono writes cookies of
 * requests. Use of a part that is left out throws.
 */
const UNUSED_PARTS = [
  {
    module: /@tanstack\/query-core\/build\/modern\/mutationCache\.js$/,
    code: `export class MutationCache {
      resumePausedMutations() { return Promise.resolve(); }
      clear() {}
      build() { throw new Error('client/unused-parts-plugin.ts leaves mutations out.'); }
    }`,
  },
  {
    module: /hono\/dist\/utils\/cookie\.js$/,
    code: `export function serialize() {
      throw new Error('client/unused-parts-plugin.ts leaves request cookies out.');
    }`,
  },
];

/** Vite plugin that replaces the {@link UNUSED_PARTS} in the build. */
export function unusedParts(): Plugin {
  return {
    name: 'meemikansio:unused-parts',
    apply: 'build',
    enforce: 'pre',
    load: {
      filter: { id: UNUSED_PARTS.map(({ module }) => module) },
      handler: (id) => UNUSED_PARTS.find(({ module }) => module.test(id))?.code ?? null,
    },
  };
}
