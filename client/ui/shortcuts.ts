/** What takes keys itself; a video seeks and changes its volume with them. */
const KEY_CONSUMERS = 'input, textarea, select, video, [contenteditable]';

/** Whether a key goes into a field or belongs to the browser, so that no shortcut may take it. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  return event.target instanceof Element && event.target.matches(KEY_CONSUMERS);
}
