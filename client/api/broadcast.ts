/** What tabs of one browser tell each other, so that they agree. */
export type TabMessage =
  /** Someone signed out on purpose. */
  | { is: 'left' }
  /** Someone signed in, maybe someone else. */
  | { is: 'entered'; userId: string }
  /** Something in the folder is new or gone. */
  | { is: 'changed' }
  /** These items changed, came or went. */
  | { is: 'items'; ids: readonly string[] };

let channel: BroadcastChannel | undefined;
const open = (): BroadcastChannel => (channel ??= new BroadcastChannel('meemikansio'));

/** Tells the other tabs. */
export function postToTabs(news: TabMessage): void {
  open().postMessage(news);
}

/** Hears what other tabs tell. Returns what ends it. */
export function onTabMessage(listener: (news: TabMessage) => void): () => void {
  const hear = ({ data }: MessageEvent<TabMessage>) => listener(data);
  open().addEventListener('message', hear);
  return () => open().removeEventListener('message', hear);
}
