import {
  infiniteQueryOptions,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/solid-query';
import type { Share, ShareList } from '../../app/shares/shares.schema.ts';
import type { ShareLifetime } from '../../app/shares/shares.limits.ts';
import { onTabMessage, postToTabs } from '../api/broadcast.ts';
import { api, succeed, unwrap } from '../api/client.ts';

/** The user's own shares, or those of everyone. */
export type ShareScope = 'mine' | 'all';

const sharesKey = ['shares'] as const;

/** Without a network these requests fail at once, and the page says so instead of waiting. */
const ALWAYS = { networkMode: 'always', staleTime: 0 } as const;

/** Shares, newest first, page by page. */
export const shareListQuery = (scope: ShareScope) =>
  infiniteQueryOptions({
    queryKey: [...sharesKey, 'list', scope],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.shares.$get({ query: { scope, ...(pageParam && { cursor: pageParam }) } }, { init: { signal } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    ...ALWAYS,
  });

/** The user's newest shares that show an item. */
export const itemSharesQuery = (item: string) =>
  queryOptions({
    queryKey: [...sharesKey, 'item', item],
    queryFn: ({ signal }) =>
      unwrap(api.shares.$get({ query: { scope: 'mine', item } }, { init: { signal } })),
    ...ALWAYS,
  });

/** The newest shares of a collection: to its owner and admins those of everyone. */
export const collectionSharesQuery = (collection: string) =>
  queryOptions({
    queryKey: [...sharesKey, 'item', collection],
    queryFn: ({ signal }) =>
      unwrap(api.shares.$get({ query: { scope: 'mine', collection } }, { init: { signal } })),
    ...ALWAYS,
  });

/** Shows the changes of other tabs until the returned function is called. */
export const syncSharesWithTabs = (client: QueryClient): (() => void) =>
  onTabMessage(({ is }) => is === 'shares' && void client.invalidateQueries({ queryKey: sharesKey }));

async function refetchShares(client: QueryClient): Promise<void> {
  postToTabs({ is: 'shares' });
  await client.invalidateQueries({ queryKey: sharesKey });
}

/** Shows a changed share in every list at once. */
function putShare(client: QueryClient, share: Share): void {
  const swap = (page: ShareList): ShareList => ({
    ...page,
    shares: page.shares.map((other) => (other.code === share.code ? share : other)),
  });
  client.setQueriesData<InfiniteData<ShareList>>(
    { queryKey: [...sharesKey, 'list'] },
    (list) => list && { ...list, pages: list.pages.map(swap) },
  );
  client.setQueriesData<ShareList>({ queryKey: [...sharesKey, 'item'] }, (page) => page && swap(page));
}

export interface ShareChoice {
  expires: ShareLifetime;
  showSharer: boolean;
  /** Whether the file addresses of the items end when the share expires. */
  endFileAddress: boolean;
}

/** A share that never expires ends no file address by itself. */
export const withoutIdleEnd = (choice: ShareChoice): ShareChoice =>
  choice.expires === 'never' ? { ...choice, endFileAddress: false } : choice;

/**
 * Creates a share of 1 to 100 items. For a single item without an expiry or a name it returns the
 * existing link, if there is one.
 */
export async function createShare(
  client: QueryClient,
  itemIds: string[],
  choice: ShareChoice,
): Promise<Share> {
  const [itemId] = itemIds;
  if (itemId !== undefined && itemIds.length === 1 && choice.expires === 'never' && !choice.showSharer)
    return itemLink(client, itemId);
  const { share } = await unwrap(api.shares.$post({ json: { itemIds, ...choice } }));
  await refetchShares(client);
  return share;
}

/** Creates a share of a collection, which shows what the collection has at any time. */
export async function shareCollection(
  client: QueryClient,
  collectionId: string,
  { expires, showSharer }: ShareChoice,
): Promise<Share> {
  const { share } = await unwrap(api.shares.$post({ json: { collectionId, expires, showSharer } }));
  await refetchShares(client);
  return share;
}

/** Returns the user's lasting link of an item, which the first call creates. */
export async function itemLink(client: QueryClient, itemId: string): Promise<Share> {
  const { share } = await unwrap(api.shares.link.$post({ json: { itemId } }));
  void refetchShares(client);
  return share;
}

/** Changes a share. A lifetime counts from now. */
export async function changeShare(client: QueryClient, code: string, json: ShareChoice): Promise<void> {
  putShare(client, (await unwrap(api.shares[':code'].$patch({ param: { code }, json }))).share);
  await refetchShares(client);
}

/**
 * Ends a share, and the file addresses of its items if asked. It leaves the lists at once, and
 * returns if the server refuses.
 */
export async function revokeShare(client: QueryClient, share: Share, endFileAddress: boolean): Promise<void> {
  putShare(client, { ...share, state: 'revoked' });
  try {
    await succeed(
      api.shares[':code'].$delete({
        param: { code: share.code },
        query: { endFileAddress: String(endFileAddress) },
      }),
    );
  } catch (thrown) {
    putShare(client, share);
    throw thrown;
  }
  await refetchShares(client);
}

/** Ends all shares of a scope. Returns the number of those that were live. */
export async function revokeShares(client: QueryClient, scope: ShareScope): Promise<number> {
  const { revoked } = await unwrap(api.shares.$delete({ query: { scope } }));
  await refetchShares(client);
  return revoked;
}
