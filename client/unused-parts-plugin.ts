import type { Plugin } from 'vite';

/** A module of a library, and its replacement or what to change in it. */
interface UnusedPart {
  module: RegExp;
  code?: string;
  edits?: readonly (readonly [from: string | RegExp, to: string])[];
}

/** Dead code to the minifier, which also drops what only it uses. */
const NEVER = 'false';

/**
 * Parts of libraries that the client never uses: 5 kB of the first load (gzip). Use of a module
 * that is left out throws.
 *
 * - TanStack Query creates a cache of mutations, and lets an app replace the timers.
 * - Solid and its DOM part can take over HTML of a server, and run transitions. A transition needs
 *   `Suspense`, `createResource`, `lazy` or a scheduler; nothing here uses one.
 * - The router can render on a server, restore scroll positions, preload data and handle forms.
 */
const UNUSED_PARTS: UnusedPart[] = [
  {
    module: /@tanstack\/query-core\/build\/modern\/mutationCache\.js$/,
    code: `export class MutationCache {
      resumePausedMutations() { return Promise.resolve(); }
      clear() {}
      build() { throw new Error('client/unused-parts-plugin.ts leaves mutations out.'); }
    }`,
  },
  {
    module: /@tanstack\/query-core\/build\/modern\/timeoutManager\.js$/,
    code: `export const timeoutManager = globalThis;
    export const systemSetTimeoutZero = (callback) => void setTimeout(callback, 0);`,
  },
  {
    module: /@tanstack\/query-core\/build\/modern\/environmentManager\.js$/,
    code: `export const isServer = () => false;
    export const environmentManager = {};`,
  },
  {
    module: /hono\/dist\/client\/client\.js$/,
    code: `export * from '${import.meta.dirname}/api/hono-client.ts';`,
  },
  {
    module: /solid-js\/dist\/solid\.js$/,
    edits: [
      ['let Transition = null;', 'const Transition = null;'],
      ['let Scheduler = null;', 'const Scheduler = null;'],
      ['let ExternalSourceConfig = null;', 'const ExternalSourceConfig = null;'],
      [/function enableScheduling\([^]*?\n\}/, 'function enableScheduling() {}'],
      [/function enableExternalSource\([^]*?\n\}/, 'function enableExternalSource() {}'],
      ['Transition || (Transition = {', '({'],
      ['if (Scheduler || SuspenseContext) {', `if (${NEVER}) {`],
      [/^ +Transition = null;$/m, ''],
      ['sharedConfig.context = context;', ''],
      [/sharedConfig\.context/g, NEVER],
      ['if (sharedConfig.effects &&', `if (${NEVER} &&`],
    ],
  },
  {
    module: /solid-js\/web\/dist\/web\.js$/,
    edits: [
      [/isHydrating\((?:node|parent)\)(?! \{)/g, NEVER],
      [/if \(sharedConfig\.registry && [^)]+\)/g, `if (${NEVER})`],
    ],
  },
  {
    module: /@solidjs\/router\/dist\/routers\/StaticRouter\.js$/,
    code: 'export const StaticRouter = undefined;',
  },
  {
    module: /@solidjs\/router\/dist\/routers\/scrollRestoration\.js$/,
    code: 'export const createScrollRestoration = undefined;',
  },
  {
    module: /@solidjs\/router\/dist\/data\/events\.js$/,
    edits: [
      [/function handleAnchorPreload[^]*(?=\/\/ ensure delegated)/, ''],
      [/if \(preload\) \{[^]*?\n +\}\n/g, ''],
      [/document\.\w+EventListener\("submit", handleFormSubmit\);/g, ''],
    ],
  },
  {
    module: /@solidjs\/router\/dist\/routing\.js$/,
    edits: [
      [/function preloadRoute\([^]*?\n {4}\}\n/, 'function preloadRoute() {}\n'],
      [/function initFromFlash\([^]*?\n {4}\}\n/, ''],
      [/isServer \? initFromFlash\(\) : /, ''],
    ],
  },
];

const partOf = (id: string) => UNUSED_PARTS.find(({ module }) => module.test(id));

/**
 * Applies the edits to the code of a library.
 *
 * @throws {Error} for an edit that changes nothing: a new version of the library is different
 */
export function edit(id: string, code: string, edits: UnusedPart['edits'] = []): string {
  return edits.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`client/unused-parts-plugin.ts: ${id} has no ${from}`);
    return after;
  }, code);
}

/** Vite plugin that leaves the {@link UNUSED_PARTS} out of the build. */
export function unusedParts(): Plugin {
  const filter = { id: UNUSED_PARTS.map(({ module }) => module) };
  return {
    name: 'meemikansio:unused-parts',
    apply: 'build',
    enforce: 'pre',
    load: { filter, handler: (id) => partOf(id)?.code ?? null },
    transform: { filter, handler: (code, id) => ({ code: edit(id, code, partOf(id)?.edits), map: null }) },
  };
}
