import { describe, expect, it } from 'vitest';
import { ApiError, errorFrom, toApiError } from '../../../client/api/errors.ts';
import { shouldRetry } from '../../../client/api/query-client.ts';

describe('errorFrom', () => {
  it("reads the API's own error", () => {
    const body = JSON.stringify({
      code: 'already_here',
      message: 'x',
      requestId: 'r1',
      details: { id: 'i1' },
    });
    expect(errorFrom(409, body)).toMatchObject({
      code: 'already_here',
      requestId: 'r1',
      details: { id: 'i1' },
    });
  });

  it.each([
    [502, '<html>Bad gateway</html>', 'unavailable'],
    [504, '', 'unavailable'],
    [500, 'null', 'unknown'],
    [418, '{"code":42}', 'unknown'],
  ])('makes %i with %j into %s', (status, body, code) => {
    expect(errorFrom(status, body).code).toBe(code);
  });
});

describe('toApiError', () => {
  it.each([
    [new TypeError('Failed to fetch'), 'offline'],
    [new DOMException('', 'AbortError'), 'cancelled'],
    [{ a: 'plain object' }, 'unknown'],
    [undefined, 'unknown'],
  ])('makes %o into %s', (thrown, code) => {
    expect(toApiError(thrown).code).toBe(code);
  });

  it('leaves an ApiError as it is', () => {
    const error = new ApiError('broken_file');
    expect(toApiError(error)).toBe(error);
  });
});

describe('shouldRetry', () => {
  it('tries again what passes, twice, and never a plain no', () => {
    expect([0, 1, 2].map((failures) => shouldRetry(failures, new ApiError('offline')))).toEqual([
      true,
      true,
      false,
    ]);
    expect(shouldRetry(0, new ApiError('not_found'))).toBe(false);
    expect(shouldRetry(0, new Error('a mistake of ours'))).toBe(false);
  });
});
