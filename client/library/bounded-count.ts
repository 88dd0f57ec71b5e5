import type { I18n } from '../i18n/i18n.tsx';

/** Formats a count that may be a lower bound: `12`, or `200+` if there may be more. */
export const boundedCount = (
  { value, exact }: { value: number; exact: boolean },
  i18n: Pick<I18n, 'number'>,
): string => `${i18n.number(value)}${exact ? '' : '+'}`;
