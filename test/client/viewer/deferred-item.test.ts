import { createRoot, createSignal } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../../../client/viewer/deferred-item.ts';
import { fakePaint } from '../support/fake-paint.ts';

const page = fakePaint();

interface Item {
  id: string;
  title: string;
}
const [cat, dog]: [Item, Item] = [
  { id: 'cat', title: 'Cat' },
  { id: 'dog', title: 'Dog' },
];

const setUp = (start?: Item) =>
  createRoot((dispose) => {
    const [shown, show] = createSignal<Item | undefined>(start);
    return { ...createDeferred(shown), show, dispose };
  });

describe('createAfterwards', () => {
  it('stays behind until the frame that shows the new one and one task more, then follows', () => {
    const { item, isBehind, show, dispose } = setUp(cat);
    expect([item(), isBehind()]).toEqual([cat, false]);
    show(dog);
    expect([item(), isBehind()]).toEqual([cat, true]);
    vi.advanceTimersToNextTimer();
    expect([item(), isBehind()]).toEqual([cat, true]);
    vi.runAllTimers();
    expect([item(), isBehind()]).toEqual([dog, false]);
    dispose();
  });

  it('shows at once what changes of the same one', () => {
    const { item, isBehind, show, dispose } = setUp(cat);
    show({ ...cat, title: 'Tom' });
    expect([item()?.title, isBehind()]).toEqual(['Tom', false]);
    dispose();
  });

  it('has the first one at once, also after nothing', () => {
    const { item, isBehind, show, dispose } = setUp();
    show(cat);
    expect([item(), isBehind()]).toEqual([cat, false]);
    show(undefined);
    expect([item(), isBehind()]).toEqual([undefined, false]);
    show(dog);
    expect([item(), isBehind()]).toEqual([dog, false]);
    vi.runAllTimers();
    expect([item(), isBehind()]).toEqual([dog, false]);
    dispose();
  });

  it('is never behind by more than the last step: those in between are passed over', () => {
    const { item, isBehind, show, dispose } = setUp(cat);
    show(dog);
    show(cat);
    expect([item(), isBehind()]).toEqual([cat, false]);
    vi.runAllTimers();
    expect([item(), isBehind()]).toEqual([cat, false]);
    show(dog);
    show({ id: 'owl', title: 'Owl' });
    vi.runAllTimers();
    expect([item()?.id, isBehind()]).toEqual(['owl', false]);
    dispose();
  });

  it('waits for nothing where nothing is drawn', () => {
    const { item, isBehind, show, dispose } = setUp(cat);
    page.hidden = true;
    show(dog);
    expect([item(), isBehind()]).toEqual([dog, false]);
    dispose();
  });
});
