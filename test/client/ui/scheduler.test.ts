import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIncrementalList } from '../../../client/ui/scheduler.tsx';

const page = { hidden: false };
beforeEach(() => {
  vi.useFakeTimers();
  page.hidden = false;
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `id-${from + i}`);

function setUp(start: readonly string[], first: (id: string) => boolean = () => false) {
  return createRoot((dispose) => {
    const [wanted, setWanted] = createSignal(start);
    return { there: createIncrementalList(wanted, first), setWanted, dispose };
  });
}

describe('createGradually', () => {
  it('brings a few in each task, in their order, until all are there', () => {
    const { there, dispose } = setUp(ids(0, 12));
    const counts = [there().length];
    while (vi.getTimerCount() > 0) {
      vi.runOnlyPendingTimers();
      counts.push(there().length);
    }
    expect(counts).toEqual([2, 4, 6, 8, 10, 12]);
    expect(there()).toEqual(ids(0, 12));
    dispose();
  });

  it('brings first what is looked at', () => {
    const { there, dispose } = setUp(ids(0, 12), (id) => id >= 'id-7');
    expect(there()).toEqual(['id-7', 'id-8']);
    dispose();
  });

  it('lets go at once of what is wanted no more, and keeps what is there', () => {
    const { there, setWanted, dispose } = setUp(ids(0, 4));
    setWanted(ids(2, 20));
    expect(there()).toEqual(ids(2, 4));
    setWanted(ids(8, 10));
    expect(there()).toEqual(ids(8, 10));
    vi.runAllTimers();
    expect(there()).toEqual(ids(8, 10));
    dispose();
  });

  it('waits for nothing on a page out of sight', () => {
    page.hidden = true;
    const { there, dispose } = setUp(ids(0, 40));
    expect(there()).toHaveLength(40);
    dispose();
  });
});
