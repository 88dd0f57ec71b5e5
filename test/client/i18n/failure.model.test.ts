import { expect, it } from 'vitest';
import { FAILURE_CODES } from '../../../app/media/stages/failures.schema.ts';
import { media as english } from '../../../client/i18n/languages/en.ts';
import { media as finnish } from '../../../client/i18n/languages/fi.ts';
import { failureKey } from '../../../client/i18n/failure.model.ts';

it.each(FAILURE_CODES)('has a message for the failure %s in both languages', (code) => {
  const key = failureKey(code);
  expect(key).toBe(`why.${code}`);
  expect(english[key]).toMatch(/^[A-Z].*\.$/);
  expect(finnish[key]).toMatch(/^[A-ZÄÖ].*\.$/);
  expect(finnish[key]).not.toBe(english[key]);
});

it('has the general message for a code of a newer server, and for none', () => {
  expect(failureKey('subtitles')).toBe('why.unknown');
  expect(failureKey('toString')).toBe('why.unknown');
  expect(failureKey(null)).toBe('why.unknown');
  expect(finnish[failureKey('subtitles')]).toBe('Kohdetta ei voitu käsitellä.');
});
