/** Elements that handle keys themselves; a video uses them to seek and change the volume. */
const KEY_CONSUMERS = 'input, textarea, select, video, [contenteditable]';

/** Whether a key belongs to a field or the browser, so that no shortcut may use it. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  return event.target instanceof Element && event.target.matches(KEY_CONSUMERS);
}
