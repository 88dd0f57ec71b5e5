import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveConnection, TICK_MS } from '../../../client/live/live-connection.ts';
import type { News } from '../../../client/live/news.ts';
import type { TabShare } from '../../../client/live/tab-leader.ts';
import { HIDDEN_MS, IDLE_MS } from '../../../client/live/wakefulness.ts';
import { fakeLocks, fakePage, fakeSources } from './fakes.ts';

const tabs: { stop(): void }[] = [];
beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    }),
);
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.stop();
  vi.useRealTimers();
});

/** Lets messages between tabs and promises arrive. */
async function arrive(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

const openChannel = (name: string) => new BroadcastChannel(name);
const sharedBy = (locks: TabShare['locks']): TabShare => ({ locks, openChannel });

/** A tab of a browser. */
function openTab(share: TabShare) {
  const fake = fakePage();
  const server = fakeSources();
  const news: News[] = [];
  const up: boolean[] = [];
  const onFailure = vi.fn<() => void>();
  const connection = createLiveConnection({
    page: fake.page,
    share,
    openStream: server.open,
    onNews: (some) => news.push(some),
    onUp: (is) => up.push(is),
    onFailure,
    random: () => 0.5,
  });
  tabs.push(connection);
  return { ...fake, ...server, news, up, onFailure, ...connection };
}

async function openTwo() {
  const share = sharedBy(fakeLocks());
  const first = openTab(share);
  await arrive();
  first.last().say('hello', { caughtUp: true });
  const second = openTab(share);
  await arrive();
  return { first, second, share };
}

describe('createLiveConnection', () => {
  it('has one stream for two tabs, and both hear its news', async () => {
    const { first, second } = await openTwo();
    expect(second.up).toEqual([true]);
    first.last().say('items', { ids: ['a'] });
    await arrive();
    expect(first.news).toEqual([['a']]);
    expect(second.news).toEqual([['a']]);
    expect([first.count(), second.count()]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(second.count()).toBe(0);
  });

  it.each([
    ['is closed', (tab: { stop(): void }) => tab.stop()],
    ['freezes', (tab: ReturnType<typeof openTab>) => tab.fire('document', 'freeze')],
    ['is left', (tab: ReturnType<typeof openTab>) => tab.fire('window', 'pagehide')],
  ])('hands the stream over when the leading tab %s', async (_, end) => {
    const { first, second } = await openTwo();
    end(first);
    await arrive();
    expect([first.count(), second.count()]).toEqual([0, 1]);
    expect(second.up).toEqual([true, false]);
    second.last().say('hello', { caughtUp: false });
    expect(second.up).toEqual([true, false, true]);
    expect(second.news).toEqual(['all']);
  });

  it('takes the stream from a leading tab that no longer answers', async () => {
    const locks = fakeLocks();
    // A frozen tab holds the lock and hears no messages.
    const stolen = vi.fn<() => void>();
    locks.request('meemikansio-live', {}, () => new Promise(() => {})).catch(stolen);
    const tab = openTab(sharedBy(locks));
    await arrive();
    expect(tab.count()).toBe(0);
    await vi.advanceTimersByTimeAsync(3000);
    await arrive();
    expect(stolen).toHaveBeenCalled();
    expect(tab.count()).toBe(1);
  });

  it('closes its own stream when another tab takes the lock, and follows', async () => {
    const locks = fakeLocks();
    const tab = openTab(sharedBy(locks));
    await arrive();
    expect(tab.count()).toBe(1);
    const held = Promise.withResolvers<void>();
    void locks.request('meemikansio-live', { steal: true }, () => held.promise);
    await arrive();
    expect(tab.count()).toBe(0);
    held.resolve();
    await arrive();
    expect(tab.count()).toBe(1);
  });

  it.each([
    ['locks', { locks: undefined, openChannel }],
    ['channels', { locks: fakeLocks(), openChannel: undefined }],
    [
      'the right to locks',
      {
        locks: { request: () => Promise.reject(new DOMException('no', 'SecurityError')) },
        openChannel,
      },
    ],
  ])('has its own stream where the browser has no %s', async (_, share) => {
    const tab = openTab(share);
    await arrive();
    expect(tab.count()).toBe(1);
    tab.last().say('hello', { caughtUp: false });
    expect(tab.news).toEqual(['all']);
    await vi.advanceTimersByTimeAsync(IDLE_MS);
    expect(tab.count()).toBe(0);
  });

  it('closes the stream of an unused page, and opens it by its use', async () => {
    const tab = openTab(sharedBy(fakeLocks()));
    await arrive();
    tab.last().say('hello', { caughtUp: true });
    await vi.advanceTimersByTimeAsync(IDLE_MS);
    expect(tab.count()).toBe(0);
    const { length } = tab.news;
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(tab.sources).toHaveLength(1);
    expect(tab.news).toHaveLength(length);
    tab.use();
    await arrive();
    expect(tab.count()).toBe(1);
    expect(tab.news.slice(length)).toEqual(['all']);
  });

  it('closes the stream when every tab is hidden for a while, not when one is', async () => {
    const { first, second } = await openTwo();
    first.setHidden(true);
    await vi.advanceTimersByTimeAsync(HIDDEN_MS);
    await arrive();
    expect([first.count(), second.count()]).toEqual([0, 1]);
    second.setHidden(true);
    await vi.advanceTimersByTimeAsync(HIDDEN_MS);
    await arrive();
    expect([first.count(), second.count()]).toEqual([0, 0]);
  });

  it('tells a hidden page nothing, and later everything', async () => {
    const { first, second } = await openTwo();
    second.setHidden(true);
    first.last().say('items', { ids: ['a'] });
    first.last().say('items', { ids: ['b'] });
    await arrive();
    expect(second.news).toEqual([]);
    second.setHidden(false);
    expect(second.news).toEqual([['a', 'b']]);
  });

  it('looks each minute and when it is seen while no stream is to be had', async () => {
    const tab = openTab(sharedBy(fakeLocks()));
    await arrive();
    tab.last().break('error');
    expect(tab.onFailure).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(TICK_MS);
    expect(tab.news).toEqual(['all']);
    tab.fire('window', 'focus');
    expect(tab.news).toEqual(['all']);
    await vi.advanceTimersByTimeAsync(15_000);
    tab.fire('window', 'focus');
    expect(tab.news).toEqual(['all', 'all']);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    const { length } = tab.news;
    expect(length).toBeLessThan(8);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(tab.news).toHaveLength(length);
  });

  it('does not look each minute while events arrive', async () => {
    const tab = openTab(sharedBy(fakeLocks()));
    await arrive();
    tab.last().say('hello', { caughtUp: true });
    await vi.advanceTimersByTimeAsync(3 * TICK_MS);
    expect(tab.news).toEqual([]);
  });

  it('opens the stream anew after the machine slept', async () => {
    const tab = openTab(sharedBy(fakeLocks()));
    await arrive();
    tab.last().say('hello', { caughtUp: true });
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    await vi.advanceTimersByTimeAsync(TICK_MS);
    expect(tab.sources).toHaveLength(2);
    expect(tab.count()).toBe(1);
    tab.last().say('hello', { caughtUp: false });
    expect(tab.news.at(-1)).toBe('all');
  });

  it('tries at once when the server or the network is back', async () => {
    const tab = openTab(sharedBy(fakeLocks()));
    await arrive();
    for (let i = 0; i < 6; i++) {
      tab.last().break('error');
      await vi.advanceTimersByTimeAsync(2000 * 2 ** i);
    }
    tab.last().break('error');
    const { length } = tab.sources;
    tab.restart();
    expect(tab.sources).toHaveLength(length + 1);
    tab.last().break('error');
    tab.fire('window', 'online');
    expect(tab.sources).toHaveLength(length + 2);
  });
});
