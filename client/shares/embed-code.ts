/** The languages of embed codes. */
export type EmbedLanguage = 'markdown' | 'html';

/** A share link, as another site embeds it. */
export interface Embedded {
  /** Full address of the share page. */
  url: string;
  /** Words for people who do not see the picture. */
  alt: string;
  /** Whether the share has a sharing picture; otherwise the code is a link of words. */
  hasPicture: boolean;
}

/**
 * Returns the code that shows the sharing picture of a share, with a link to its page. The picture
 * ends with the share, as the page does.
 */
export const embedCode = (language: EmbedLanguage, embedded: Embedded): string =>
  CODES[language]({ ...embedded, alt: embedded.alt.replaceAll(/\s+/g, ' ').trim() });

const CODES: Record<EmbedLanguage, (embedded: Embedded) => string> = {
  markdown: ({ url, alt, hasPicture }) => {
    const words = escapeMarkdown(alt);
    return `[${hasPicture ? `![${words}](${url}/card.jpg)` : words}](${url})`;
  },
  html: ({ url, alt, hasPicture }) => {
    const [address, words] = [escapeHtml(url), escapeHtml(alt)];
    return `<a href="${address}">${hasPicture ? `<img src="${address}/card.jpg" alt="${words}">` : words}</a>`;
  },
};

/**
 * Escapes the punctuation that means something within a line (CommonMark §2.4), and that of tables,
 * strikethrough and formulas.
 */
const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_[\]<>&!~|$]/g, String.raw`\$&`);

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
