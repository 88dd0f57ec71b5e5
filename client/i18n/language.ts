import type { Dictionary } from './format.ts';

export const LANGUAGES = ['en', 'fi'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name. */
export const LANGUAGE_NAMES = { en: 'English', fi: 'Suomi' } as const satisfies Record<Language, string>;

const isLanguage = (name: string): name is Language => name in LANGUAGE_NAMES;

/** The chosen language if there is one, else the first of the browser's (`fi-FI` → `fi`) that there is, else English. */
export function pickLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const candidates = [chosen ?? '', ...preferred].map((tag) => tag.split('-')[0]?.toLowerCase() ?? '');
  return candidates.find(isLanguage) ?? 'en';
}

/** Loads a language; each is a chunk of its own, so nobody downloads the one they do not read. */
export function loadDictionary(language: Language): Promise<Dictionary> {
  return language === 'fi' ? import('./fi.ts').then((m) => m.fi) : import('./en.ts').then((m) => m.en);
}
