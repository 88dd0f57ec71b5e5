const FIELDS = 'input, textarea, select, [contenteditable]';

/**
 * Whether a key press copies an item: `c`, and Ctrl+C or Cmd+C. In a field, or with text selected,
 * the keys keep their usual meaning.
 */
export function isCopyKey(event: KeyboardEvent): boolean {
  if (event.key.toLowerCase() !== 'c' || event.altKey || event.shiftKey || event.isComposing) return false;
  if (event.target instanceof Element && event.target.matches(FIELDS)) return false;
  return document.getSelection()?.isCollapsed !== false;
}
