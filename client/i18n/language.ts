import type { Dictionary } from './format.ts';

export const LANGUAGES = ['en', 'fi'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's own name. */
export const LANGUAGE_NAMES = { en: 'English', fi: 'Suomi' } as const satisfies Record<Language, string>;

const isLanguage = (name: string): name is Language => name in LANGUAGE_NAMES;

/**
 * Picks the saved language, else the browser's first supported one (`fi-FI` → `fi`), else English.
 */
export function pickLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const candidates = [chosen ?? '', ...preferred].map((tag) => tag.split('-')[0]?.toLowerCase() ?? '');
  return candidates.find(isLanguage) ?? 'en';
}

/** Loads a language. Each is a separate chunk, so that users download only their own. */
export function loadDictionary(language: Language): Promise<Dictionary> {
  return language === 'fi' ? import('./fi.ts').then((m) => m.fi) : import('./en.ts').then((m) => m.en);
}
