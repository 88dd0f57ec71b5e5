/** Most tags of a page that are looked at, and the longest of them. They bound the work. */
const MAX_META_TAGS = 300;
const MAX_TAG_UNITS = 4000;

/** The properties of the Open Graph protocol (https://ogp.me) that name a file, best first. */
const VIDEOS = ['og:video:secure_url', 'og:video:url', 'og:video'];
const IMAGES = ['og:image:secure_url', 'og:image:url', 'og:image'];

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
};

/**
 * Returns the address of the video or picture that a page names for previews; `null` without one. A
 * video that is a page of its own, such as a player, does not count.
 *
 * @example
 * mediaOfPage('<meta property="og:image" content="/meme.png">'); // '/meme.png'
 */
export function mediaOfPage(html: string): string | null {
  const found = new Map<string, string>();
  for (const { property, content } of metaTags(html)) if (!found.has(property)) found.set(property, content);
  const first = (names: readonly string[]) =>
    names.map((name) => found.get(name) ?? '').find((address) => address !== '') ?? null;
  const isVideo = /^video\//i.test(found.get('og:video:type') ?? 'video/unknown');
  return (isVideo ? first(VIDEOS) : null) ?? first(IMAGES);
}

/** Yields the properties of `<meta>` tags, in lower case, with their contents. */
function* metaTags(html: string): Iterable<{ property: string; content: string }> {
  const tag = /<meta[\s/]/gi;
  for (let count = 0; count < MAX_META_TAGS && tag.exec(html) !== null; count += 1) {
    const attributes = attributesOf(html.slice(tag.lastIndex, tag.lastIndex + MAX_TAG_UNITS));
    // Some sites write `name` for `property`.
    const property = attributes.get('property') ?? attributes.get('name');
    const content = attributes.get('content');
    if (property !== undefined && content !== undefined)
      yield { property: property.trim().toLowerCase(), content: content.trim() };
  }
}

/** Reads attributes until the end of the tag. Values that are not closed end with the text. */
function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const part = /\s*(?:(>)|([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>"']*)))?|[^\s])/y;
  for (;;) {
    const match = part.exec(text);
    if (!match || match[1] !== undefined) return attributes;
    const [, , name, double, single, bare] = match;
    const key = name?.toLowerCase();
    if (key !== undefined && !attributes.has(key))
      attributes.set(key, decode(double ?? single ?? bare ?? ''));
  }
}

/** Decodes the character references that addresses have. */
const decode = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
