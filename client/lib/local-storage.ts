/** What this browser remembers between visits: small choices, never anything secret. */
type Setting = 'language' | 'theme' | 'known' | 'volume' | 'muted' | 'searches';

/** The remembered choice, or null when there is none or storage is blocked. */
export function readSetting(choice: Setting): string | null {
  try {
    return localStorage.getItem(choice);
  } catch {
    return null; // blocked storage (private mode, policy) means nothing is remembered
  }
}

/** Remembers a choice for the next visit; null forgets it. Does nothing when storage is blocked or full. */
export function saveSetting(choice: Setting, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(choice);
    else localStorage.setItem(choice, value);
  } catch {
    // the choice holds until the page is closed
  }
}
