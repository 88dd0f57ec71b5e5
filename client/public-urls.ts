/** An address with a secret of its own in it, which opens a page without a session. */
export interface PublicUrl {
  page: 'join' | 'reset';
  code: string;
}

/** `/join/CODE` and `/reset/CODE`; `null` for every other path. */
export function parsePublicUrl(path: string): PublicUrl | null {
  const [, page, code] = /^\/(join|reset)\/([^/]+)\/?$/.exec(path) ?? [];
  if (code === undefined || (page !== 'join' && page !== 'reset')) return null;
  try {
    return { page, code: decodeURIComponent(code) };
  } catch {
    return { page, code }; // half an escape: the server says that there is no such code
  }
}
