/** Messages between the tabs of one browser. */
export type TabMessage =
  /** A user signed out deliberately. */
  | { is: 'left' }
  /** A user signed in, perhaps a different one. */
  | { is: 'entered'; userId: string }
  /** The library has new or deleted items. */
  | { is: 'changed' }
  /** These items changed, were added or were deleted. */
  | { is: 'items'; ids: readonly string[] }
  /** Share links were made, changed or ended. */
  | { is: 'shares' };

let channel: BroadcastChannel | undefined;
const open = (): BroadcastChannel => (channel ??= new BroadcastChannel('meemikansio'));

/** Sends a message to the other tabs. */
export function postToTabs(news: TabMessage): void {
  open().postMessage(news);
}

/** Calls `listener` for every message of another tab. Returns a function that unsubscribes. */
export function onTabMessage(listener: (news: TabMessage) => void): () => void {
  const hear = ({ data }: MessageEvent<TabMessage>) => listener(data);
  open().addEventListener('message', hear);
  return () => open().removeEventListener('message', hear);
}
