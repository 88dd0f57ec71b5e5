import type { Dictionary, ErrorDictionary } from './format.ts';

/**
 * Every language of the UI, and its own name. A language is an entry here and a file
 * `languages/{language}.ts`; everything else follows from the two.
 */
export const LANGUAGES = { en: 'English', fi: 'Suomi' } as const;
export type Language = keyof typeof LANGUAGES;

/** Narrows a code (ISO 639-1) to a language of the UI. */
export const isLanguage = (code: string): code is Language => Object.hasOwn(LANGUAGES, code);

/**
 * Picks the saved language, else the browser's first supported one (`fi-FI` → `fi`), else English.
 */
export function pickLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const candidates = [chosen ?? '', ...preferred].map((tag) => tag.split('-')[0]?.toLowerCase() ?? '');
  return candidates.find(isLanguage) ?? 'en';
}

/** Importers of one part of the dictionaries by file, as `import.meta.glob` returns them. */
export type PartLoaders<Part> = Record<string, () => Promise<Part>>;

/** Loads a part of a language's dictionary; rejects for a language without a file. */
export async function loadPart<Part>(loaders: PartLoaders<Part>, language: Language): Promise<Part> {
  const load = loaders[`./languages/${language}.ts`];
  if (!load) throw new Error(`no dictionary of ${language}`);
  return load();
}

const common = import.meta.glob<Dictionary>('./languages/*.ts', { query: '?part=common', import: 'common' });

/** Loads a language. Each is a separate chunk, so that users download only their own. */
export const loadDictionary = (language: Language): Promise<Dictionary> => loadPart(common, language);

const errors = import.meta.glob<ErrorDictionary>('./languages/*.ts', {
  query: '?part=errors',
  import: 'errors',
});

/** Loads a language's messages for error codes. */
export const loadErrorDictionary = (language: Language): Promise<ErrorDictionary> =>
  loadPart(errors, language);
