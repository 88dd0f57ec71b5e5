import { createRoot } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createToasts } from '../../../client/ui/toasts.model.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const action = { label: 'Undo', run: () => {} };
const setUp = () => createRoot((dispose) => ({ model: createToasts(), dispose }));

describe('createToasts', () => {
  it('shows a message for a while, one with something to press for longer', () => {
    const { model, dispose } = setUp();
    model.show('plain');
    model.show('deleted', { action });
    vi.advanceTimersByTime(6000);
    expect(model.toasts().map(({ text }) => text)).toEqual(['deleted']);
    vi.advanceTimersByTime(5000);
    expect(model.toasts()).toEqual([]);
    dispose();
  });

  it('waits while one is pointed at', () => {
    const { model, dispose } = setUp();
    model.show('deleted', { action });
    model.hold();
    vi.advanceTimersByTime(60_000);
    expect(model.toasts()).toHaveLength(1);
    model.release();
    vi.advanceTimersByTime(11_000);
    expect(model.toasts()).toEqual([]);
    dispose();
  });

  it('keeps the last three and goes when told to', () => {
    const { model, dispose } = setUp();
    for (const text of 'abcd') model.show(text);
    expect(model.toasts().map(({ text }) => text)).toEqual(['b', 'c', 'd']);
    model.dismiss(model.toasts()[1]?.id ?? 0);
    expect(model.toasts().map(({ text }) => text)).toEqual(['b', 'd']);
    dispose();
  });
});
