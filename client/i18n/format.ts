import type { common, errors } from './languages/en.ts';
import type { Placeholders, Plural, Translation } from './messages.ts';

export type Dictionary = Translation<typeof common>;
export type ErrorDictionary = Translation<typeof errors>;
export type MessageKey = keyof typeof common;

type Texts<Key extends MessageKey> = (typeof common)[Key] extends Plural
  ? (typeof common)[Key]['other']
  : (typeof common)[Key];

/**
 * Parameters of a message: none if it has no placeholders. Numbers are formatted for the language.
 */
export type Values<Key extends MessageKey> = [Placeholders<Texts<Key>>] extends [never]
  ? []
  : [values: { readonly [Name in Placeholders<Texts<Key>>]: string | number }];

/** Caches a formatter per language, because creating one costs as much as hundreds of uses. */
function perLanguage<Formatter>(make: (locale: string) => Formatter): (locale: string) => Formatter {
  const made = new Map<string, Formatter>();
  return (locale) => {
    const known = made.get(locale);
    if (known) return known;
    const formatter = make(locale);
    made.set(locale, formatter);
    return formatter;
  };
}

const plurals = perLanguage((locale) => new Intl.PluralRules(locale));
const numbers = perLanguage((locale) => new Intl.NumberFormat(locale));
const ages = perLanguage((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const days = perLanguage((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
const longDays = perLanguage((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }));
const moments = perLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }),
);

export const formatNumber = (locale: string, value: number): string => numbers(locale).format(value);

/** Formats a date like "1 Jan 2026", in the language's format. */
export const formatDay = (locale: string, time: Date): string => days(locale).format(time);

/** Formats a date and time in full. */
export const formatMoment = (locale: string, time: Date): string => moments(locale).format(time);

/**
 * Formats a message. `count` selects the plural form.
 *
 * @param locale BCP 47 tag of the dictionary's language
 */
export function format(
  locale: string,
  message: string | Plural,
  values: Record<string, string | number> = {},
): string {
  const text =
    typeof message === 'string'
      ? message
      : (message[plurals(locale).select(Number(values['count']))] ?? message.other);
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(locale, value) : value;
  });
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats an age like "3 minutes ago" up to a week, then the date, in the language's format. */
export function formatAge(locale: string, time: Date, now: Date): string {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000);
  const age = Math.abs(seconds);
  const relative = ages(locale);
  if (age < MINUTE) return relative.format(0, 'second');
  if (age < HOUR) return relative.format(Math.trunc(seconds / MINUTE), 'minute');
  if (age < DAY) return relative.format(Math.trunc(seconds / HOUR), 'hour');
  if (age < 7 * DAY) return relative.format(Math.trunc(seconds / DAY), 'day');
  return longDays(locale).format(time);
}
