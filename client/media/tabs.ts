/** Items that changed, came or went in another tab of this browser. */
type Listener = (ids: readonly string[]) => void;

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('meemikansio.media') : null;

/** Tells the other tabs of this browser that these items have changed, come or gone. */
export function announce(...ids: string[]): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin, unlike a window
  if (ids.length > 0) channel?.postMessage(ids);
}

const isIds = (data: unknown): data is string[] =>
  Array.isArray(data) && data.every((id) => typeof id === 'string');

/** Hears what other tabs announce, until the returned function is called. */
export function hearTabs(listener: Listener): () => void {
  const hear = ({ data }: MessageEvent<unknown>) => {
    if (isIds(data)) listener(data);
  };
  channel?.addEventListener('message', hear);
  return () => channel?.removeEventListener('message', hear);
}
