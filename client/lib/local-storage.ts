/** Settings stored in this browser between visits: small choices, never anything secret. */
type Setting =
  | 'language'
  | 'theme'
  | 'known'
  | 'volume'
  | 'muted'
  | 'details'
  | 'searches'
  | 'density'
  | 'notes'
  | 'onThisDay';

/** Reads a setting; null if it is missing or storage is blocked. */
export function readSetting(choice: Setting): string | null {
  try {
    return localStorage.getItem(choice);
  } catch {
    return null; // blocked storage (private mode, policy) has no settings
  }
}

/**
 * Saves a setting for the next visit; null removes it. Does nothing if storage is blocked or full.
 */
export function saveSetting(choice: Setting, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(choice);
    else localStorage.setItem(choice, value);
  } catch {
    // the setting lasts until the page is closed
  }
}
