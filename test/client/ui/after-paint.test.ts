import { describe, expect, it, vi } from 'vitest';
import { afterPaint } from '../../../client/ui/after-paint.ts';
import { fakePaint } from '../support/fake-paint.ts';

const page = fakePaint();

describe('work after the paint', () => {
  it('runs one task after the next frame', () => {
    const work = vi.fn<() => void>();
    afterPaint(work);
    vi.advanceTimersToNextTimer();
    expect(work).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(work).toHaveBeenCalledOnce();
  });

  it('is cancelled before the frame and after it', () => {
    const work = vi.fn<() => void>();
    afterPaint(work)();
    const cancel = afterPaint(work);
    vi.advanceTimersToNextTimer();
    cancel();
    vi.runAllTimers();
    expect(work).not.toHaveBeenCalled();
  });

  it('runs at once in a hidden page', () => {
    page.hidden = true;
    const work = vi.fn<() => void>();
    afterPaint(work);
    expect(work).toHaveBeenCalledOnce();
  });
});
