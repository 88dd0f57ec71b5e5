/** The first picture of a piece of HTML, as browsers write it into the clipboard or a drag. */
const PICTURE = /<img\b(?:"[^"]*"|'[^']*'|[^'">])*?\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)')/i;

const isWeb = (text: string | undefined): text is string => /^https?:\/\/\S+$/i.test(text ?? '');

/**
 * Finds the address in the texts of a drag or the clipboard. A picture wins over the link around
 * it.
 *
 * @param texts of the formats `text/html`, `text/uri-list` and `text/plain`
 */
export function addressIn([html = '', list = '', plain = '']: readonly string[]): string | null {
  const [, double, single] = PICTURE.exec(html) ?? [];
  const picture = (double ?? single)?.replaceAll('&amp;', '&');
  // A list has an address a line, and comments.
  const link = list.split(/\r?\n/).find((line) => !line.startsWith('#'));
  return [picture, link, plain].map((text) => text?.trim()).find(isWeb) ?? null;
}
