import { expect, it } from 'vitest';
import { knownSession, noteSession, refusalOf } from '../../../client/api/known-session.ts';

it('a refusal is final while the server has said nothing else since the request', () => {
  noteSession('aino');
  const request = knownSession();
  expect(refusalOf(request, 'PATCH')).toBe('final');
  expect(refusalOf(request)).toBe('final');
});

it('a refusal from before a sign-in is outdated for the same person', () => {
  noteSession('aino');
  const request = knownSession();
  noteSession(null);
  noteSession('aino');
  expect(refusalOf(request, 'PATCH')).toBe('outdated');
  // Sent between the end of the session and the sign-in.
  noteSession(null);
  const between = knownSession();
  noteSession('aino');
  expect(refusalOf(between, 'POST')).toBe('outdated');
});

it('a change of one person is not sent as another, and what is read may be', () => {
  noteSession('aino');
  const request = knownSession();
  noteSession(null);
  noteSession('louhi');
  expect(refusalOf(request, 'PATCH')).toBe('of-another');
  expect(refusalOf(request, 'GET')).toBe('outdated');
});
