/**
 * A `Content-Disposition` after RFC 6266 and RFC 8187: an ASCII name for old programs and the real one in UTF-8. Nothing of
 * the name can end the header or name a folder.
 *
 * `inline` is what an object carries: opened by itself, a shared link shows the picture, and saving it from there proposes
 * the name. `attachment` saves at once, and is only ever said to who asked for a download.
 */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[/\\\p{Cc}]+/gu, '_').toWellFormed();
  const ascii = plain.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(plain).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
