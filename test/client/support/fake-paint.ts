import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Gives each test of a file a document and frames on fake timers: a frame comes every 16 ms.
 * Returns the document, which a test may hide.
 */
export function fakePaint(): { hidden: boolean } {
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
  return page;
}
