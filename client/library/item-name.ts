import type { Match } from '../../app/media/media.schema.ts';
import type { I18n } from '../i18n/i18n.tsx';

/** What a name can be made of: whole items have their text, items of a list what a search found in them. */
interface Named {
  title: string;
  originalName: string;
  createdAt: string;
  text?: string;
  match?: Match | null;
}

/** Longest name made of a picture's words, in characters. */
const MAX_NAME_LENGTH = 60;

/** Names that cameras, browsers and messengers give: they say nothing about the picture. */
const GENERATED_NAME =
  /^(?:image|img|dsc|pxl|photo|picture|screenshot|download|unnamed|untitled|signal|whatsapp|telegram|fb)?[\s\d._()-]*$|^[\da-f-]{12,}$|^(?:img|dsc|pxl|whatsapp|screenshot|signal|received|telegram|fb_img|snapchat)[\s._-]?.*\d{3,}/i;

/** The words of a text up to a bound, cut between words. */
function opening(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ').trim();
  if (words.length <= MAX_NAME_LENGTH) return words;
  const cut = words.slice(0, MAX_NAME_LENGTH + 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_NAME_LENGTH / 2)).trim()}…`;
}

/**
 * What to call an item: its title, else its file's name if a person gave it, else the first words in it, else the day it
 * came. The file's name comes before the words, because lists do not know the words and one thing should have one name.
 */
export function itemName(item: Named, i18n: Pick<I18n, 't' | 'date'>): string {
  if (item.title) return item.title;
  const name = item.originalName.replace(/\.\w{1,5}$/, '').trim();
  if (name && !GENERATED_NAME.test(name)) return name;
  const words = opening(item.text ?? (item.match?.field === 'text' ? item.match.snippet : ''));
  return words || i18n.t('browse.fallbackName', { date: i18n.date(item.createdAt) });
}
