import { describe, expect, it } from 'vitest';
import { nextSheet, settledSheet } from '../../../client/viewer/sheet.model.ts';

describe('nextSheet', () => {
  it('takes the states in turn at a press, and ends at the last one for an arrow key', () => {
    expect((['closed', 'half', 'full'] as const).map((now) => nextSheet(now, 'press'))).toEqual([
      'half',
      'full',
      'closed',
    ]);
    expect((['closed', 'half', 'full'] as const).map((now) => nextSheet(now, 'up'))).toEqual([
      'half',
      'full',
      'full',
    ]);
    expect((['closed', 'half', 'full'] as const).map((now) => nextSheet(now, 'down'))).toEqual([
      'closed',
      'closed',
      'half',
    ]);
  });
});

describe('settledSheet', () => {
  it('takes the nearest state after a slow drag', () => {
    expect([0.1, 0.3, 0.4, 0.65, 0.75, 1].map((share) => settledSheet(share, 0.1))).toEqual([
      'closed',
      'closed',
      'half',
      'half',
      'full',
      'full',
    ]);
  });

  it('goes on in the direction of a flick', () => {
    expect(settledSheet(0.2, 1)).toBe('half');
    expect(settledSheet(0.55, 1)).toBe('full');
    expect(settledSheet(0.95, 1)).toBe('full');
    expect(settledSheet(0.85, -1)).toBe('half');
    expect(settledSheet(0.45, -1)).toBe('closed');
    expect(settledSheet(0.05, -1)).toBe('closed');
  });
});
