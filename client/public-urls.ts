/** A URL that contains a secret code and opens a page without a session. */
export interface PublicUrl {
  page: 'join' | 'reset';
  code: string;
}

/** Parses `/join/CODE` and `/reset/CODE`; `null` for every other path. */
export function parsePublicUrl(path: string): PublicUrl | null {
  const [, page, code] = /^\/(join|reset)\/([^/]+)\/?$/.exec(path) ?? [];
  if (code === undefined || (page !== 'join' && page !== 'reset')) return null;
  try {
    return { page, code: decodeURIComponent(code) };
  } catch {
    return { page, code }; // an incomplete escape: the server answers that the code does not exist
  }
}
