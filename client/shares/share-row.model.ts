import type { Share } from '../../app/shares/shares.schema.ts';
import type { useSharingDictionary } from '../i18n/dictionaries.tsx';
import type { I18n } from '../i18n/i18n.tsx';

type Translate = ReturnType<typeof useSharingDictionary>;

/** Names a share by its collection, its picture, or the number of its pictures. */
export function shareName(share: Share, t: Translate, i18n: I18n): string {
  if (share.collection) return share.collection.name;
  const [first] = share.items;
  if (!first) return t('share.gone');
  if (share.itemCount > 1) return t('share.pictures', { count: share.itemCount });
  if (first.title) return first.title;
  return first.kind === 'image' ? t('share.picture') : i18n.t(`browse.${first.kind}`);
}

/** Says until when a share works, or why it no longer does. */
export function shareState({ state, expiresAt }: Share, t: Translate, i18n: I18n): string {
  if (state === 'revoked') return t('share.revoked');
  if (state === 'deleted') return t('share.gone');
  if (expiresAt === null) return t('share.noExpiry');
  return t(state === 'expired' ? 'share.expired' : 'share.until', { date: i18n.moment(expiresAt) });
}

/** Says how often a share was opened, and when last. */
export function shareOpens({ opens, lastOpenedAt }: Share, t: Translate, i18n: I18n): string {
  if (lastOpenedAt === null) return t('share.unopened');
  return `${t('share.opens', { count: opens })}, ${t('share.lastOpened', { age: i18n.age(lastOpenedAt) })}`;
}
