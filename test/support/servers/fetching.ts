import { expect } from 'vitest';
import { fetchItem, fetchList, type FetchItem } from '../../../app/fetches/fetches.schema.ts';
import { mediaList, type MediaList } from '../../../app/media/media.schema.ts';
import type { TestApp, Visitor } from './app.ts';
import type { Origin } from './origin.ts';

/** Queues a fetch of that visitor. */
export async function startFetch(by: Visitor, url: string, more: object = {}): Promise<FetchItem> {
  const response = await by.send('POST', '/api/media/from-url', { url, ...more });
  if (response.status !== 202) throw new Error(`not queued: ${response.status} ${await response.text()}`);
  return fetchItem.parse(await response.json());
}

export const fetchOf = async (by: Visitor, id: string): Promise<FetchItem> =>
  fetchItem.parse(await (await by.request(`/api/media/from-url/${id}`)).json());

export const fetchesOf = async (by: Visitor): Promise<FetchItem[]> =>
  fetchList.parse(await (await by.request('/api/media/from-url')).json()).items;

/** Waits for the end of a fetch. */
export async function endOfFetch(by: Visitor, id: string): Promise<FetchItem> {
  await expect.poll(async () => (await fetchOf(by, id)).state).toMatch(/^(done|failed)$/);
  return fetchOf(by, id);
}

export const itemsOf = async (by: Visitor): Promise<MediaList['items']> =>
  mediaList.parse(await (await by.request('/api/media?limit=100')).json()).items;

/** Waits until no bytes, connections or temporary files are left of any fetch. */
export async function expectNothingLeft({ deps, files }: TestApp, origin: Origin): Promise<void> {
  await expect.poll(() => origin.connections()).toBe(0);
  await expect.poll(() => deps.upload.budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
  await expect.poll(async () => (await files()).filter((name) => name.startsWith('tmp'))).toEqual([]);
}
