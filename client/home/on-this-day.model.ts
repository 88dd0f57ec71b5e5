import { createSignal } from 'solid-js';
import { readSetting, saveSetting } from '../lib/local-storage.ts';

/** Number of earlier years that are looked at. */
const YEARS = 30;

/**
 * The same day of earlier years, as the times of its beginning and end in milliseconds. The days
 * are those of the time zone of the browser. A 29 February is only in leap years.
 */
export function sameDays(now: Date): { year: number; from: number; to: number }[] {
  const [thisYear, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  return Array.from({ length: YEARS }, (_, i) => thisYear - 1 - i).flatMap((year) => {
    const from = new Date(year, month, day);
    if (from.getDate() !== day || from.getTime() < 0) return [];
    return [{ year, from: from.getTime(), to: new Date(year, month, day + 1).getTime() }];
  });
}

/** The name of a day: `2026-11-30`. */
export const dayName = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');

/** The value of the setting that puts the row away for good. */
const OFF = 'off';

const [setting, setSetting] = createSignal(readSetting('onThisDay'));

function save(value: string | null): void {
  saveSetting('onThisDay', value);
  setSetting(value);
}

/** Whether this browser shows the row on a day. */
export const showsDay = (day: string): boolean => setting() !== OFF && setting() !== day;

/** Puts the row away until the next day. */
export const putAwayDay = (day: string): void => save(day);

/** Whether this browser shows the row at all. */
export const showsDays = (): boolean => setting() !== OFF;

/** Shows the row from now on, also today, or never again. */
export const useDays = (shows: boolean): void => save(shows ? null : OFF);
