/**
 * Builds a `Content-Disposition` after RFC 6266 and RFC 8187. It has an ASCII name for old programs
 * and the real name in UTF-8. No part of the name can end the header or name a folder.
 *
 * Objects carry `inline`: a shared link shows the picture, and saving it proposes the name.
 * `attachment` saves at once; only a requested download gets it.
 *
 * @example
 * contentDisposition('attachment', 'kissa.png');
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
