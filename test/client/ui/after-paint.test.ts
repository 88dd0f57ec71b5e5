import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterPaint } from '../../../client/ui/after-paint.ts';

const page = { hidden: false };
beforeEach(() => {
  vi.useFakeTimers();
  page.hidden = false;
  vi.stubGlobal('document', page);
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 16));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

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
