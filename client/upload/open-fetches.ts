import type { AddressToUpload, Upload } from './upload.model.ts';

/**
 * The fetches that this tab follows, by which a reloaded page goes on. The session storage belongs
 * to the tab, and ends with it.
 */
const KEY = 'fetches';

interface Saved {
  userId: string;
  open: { id: string; address: string }[];
}

/** Saves the fetches that are under way on the server. */
export function saveOpenFetches(userId: string, uploads: readonly Upload[]): void {
  const open = uploads.flatMap((upload) => upload.fetch() ?? []);
  try {
    if (open.length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ userId, open } satisfies Saved));
  } catch {
    // blocked storage: a reloaded page shows their items, but not their ends
  }
}

/** Whether fetches were under way when the page was left. */
export const hasOpenFetches = (): boolean => read() !== null;

/** Returns the saved fetches of the user, to follow them further. */
export function openFetches(userId: string): AddressToUpload[] {
  const saved = read();
  if (saved?.userId !== userId) return [];
  return saved.open.map(({ id, address }) => ({ address, fetchId: id }));
}

function read(): Saved | null {
  try {
    const saved: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isSaved(saved) ? saved : null;
  } catch {
    return null; // blocked storage, or not ours
  }
}

const isSaved = (value: unknown): value is Saved =>
  typeof value === 'object' &&
  value !== null &&
  'userId' in value &&
  'open' in value &&
  Array.isArray(value.open);
