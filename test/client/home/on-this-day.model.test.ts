import { afterEach, expect, it, vi } from 'vitest';
import {
  dayName,
  putAwayDay,
  sameDays,
  showsDay,
  showsDays,
  useDays,
} from '../../../client/home/on-this-day.model.ts';

afterEach(() => vi.unstubAllEnvs());

it('names the days of the time zone of the browser, with the hour that summer time moves', () => {
  vi.stubEnv('TZ', 'Europe/Helsinki');
  const [first] = sameDays(new Date('2026-11-30T22:30:00Z'));
  // Half past midnight of 1 December in Helsinki.
  expect(first).toEqual({
    year: 2025,
    from: Date.parse('2025-11-30T22:00:00Z'),
    to: Date.parse('2025-12-01T22:00:00Z'),
  });
  // 29 March 2020 lasted 23 hours, and 25 October 25 hours.
  const hours = (now: string) => {
    const day = sameDays(new Date(now)).find(({ year }) => year === 2020);
    return day && (day.to - day.from) / 3_600_000;
  };
  expect(hours('2026-03-29T10:00:00Z')).toBe(23);
  expect(hours('2026-10-25T10:00:00Z')).toBe(25);
  expect(dayName(new Date('2026-11-30T22:30:00Z'))).toBe('2026-12-01');
});

it('names a 29 February in leap years only', () => {
  vi.stubEnv('TZ', 'UTC');
  const years = sameDays(new Date('2028-02-29T12:00:00Z')).map(({ year }) => year);
  expect(years).toEqual([2024, 2020, 2016, 2012, 2008, 2004, 2000]);
  expect(sameDays(new Date('2027-03-01T12:00:00Z'))).toHaveLength(30);
  expect(sameDays(new Date('1975-03-01T12:00:00Z')).map(({ year }) => year)).toEqual([
    1974, 1973, 1972, 1971, 1970,
  ]);
});

it('is put away for a day or for good, and comes back', () => {
  expect(showsDay('2026-11-30')).toBe(true);
  putAwayDay('2026-11-30');
  expect([showsDay('2026-11-30'), showsDay('2026-12-01'), showsDays()]).toEqual([false, true, true]);
  useDays(false);
  expect([showsDay('2026-11-30'), showsDay('2026-12-01'), showsDays()]).toEqual([false, false, false]);
  useDays(true);
  expect([showsDay('2026-11-30'), showsDays()]).toEqual([true, true]);
});
