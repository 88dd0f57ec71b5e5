import type { PageLanguage } from '../../app/i18n/page-texts.ts';
import type { Dictionary, ErrorDictionary } from './format.ts';

/** A language of the UI and of the pages that the server writes. */
export type Language = PageLanguage;

const ownNames = import.meta.glob<string>('./languages/*.ts', {
  query: '?part=ownName',
  import: 'ownName',
  eager: true,
});

/**
 * Own name of every language of the UI. A language is a file `languages/{language}.ts` and an entry
 * of `app/i18n/page-texts.ts`; everything else follows from the two.
 */
export const LANGUAGES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ownNames).map(([path, name]) => [path.slice(12, -3), name]),
);

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
