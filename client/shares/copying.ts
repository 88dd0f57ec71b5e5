import { useQueryClient } from '@tanstack/solid-query';
import type { MediaKind, MediaListItem } from '../../app/media/media.schema.ts';
import { toApiError } from '../api/errors.ts';
import { loadSharingDictionary, type SharingMessage } from '../i18n/dictionaries.tsx';
import { format } from '../i18n/format.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { publicUrl } from '../viewer/media-urls.ts';
import { canCopyImage, copyImage, copyText } from './clipboard.ts';
import type { EmbedLanguage } from './embed-code.ts';
import { itemLink } from './shares.queries.ts';

/** Content that an action put on the clipboard. */
export type Copied = 'image' | 'still' | 'link' | 'address' | EmbedLanguage;

type Copyable = Pick<
  MediaListItem,
  'id' | 'kind' | 'url' | 'playbackUrl' | 'posterUrl' | 'mime' | 'title' | 'originalName'
>;

/**
 * Content that "Copy" takes from an item: its image, or its link if the clipboard cannot hold it.
 */
export const copiedBy = (item: Pick<MediaListItem, 'kind'>): 'image' | 'link' =>
  item.kind === 'image' && canCopyImage() ? 'image' : 'link';

const MESSAGES = {
  image: 'copied.image',
  still: 'copied.still',
  link: 'copied.link',
  address: 'copied.address',
  markdown: 'copied.markdown',
  html: 'copied.html',
} as const satisfies Record<Copied, SharingMessage>;

/** Messages that say why "Copy" took the link. */
const INSTEAD = {
  image: 'copied.link',
  animation: 'copied.linkOfAnimation',
  video: 'copied.linkOfVideo',
} as const satisfies Record<MediaKind, SharingMessage>;

/**
 * Returns the actions that copy from an item. Each must be called during a gesture of the user, and
 * resolves to whether the content is on the clipboard.
 *
 * @param tell shows what was copied, or why nothing was; `copied` is null for a failure
 */
export function createCopying(tell: (text: string, copied: Copied | null) => void) {
  const i18n = useI18n();
  const client = useQueryClient();

  const say = async (message: SharingMessage, copied: Copied | null) => {
    const texts = await loadSharingDictionary(i18n.language());
    tell(format(i18n.language(), texts[message]), copied);
  };
  const run = async (writing: Promise<void>, copied: Copied, message: SharingMessage = MESSAGES[copied]) => {
    try {
      await writing;
    } catch (thrown) {
      // All refusals of the browser (permission, focus) get the same message.
      if (thrown instanceof DOMException) await say('copy.refused', null);
      else {
        await i18n.loadErrors();
        tell(i18n.errorText(toApiError(thrown).code), null);
      }
      return false;
    }
    await say(message, copied);
    return true;
  };
  const image = (item: Copyable) => run(copyImage(item.id), item.kind === 'image' ? 'image' : 'still');
  const link = (item: Copyable, message?: SharingMessage) =>
    run(copyText(itemLink(client, item.id).then(({ url }) => url)), 'link', message);

  return {
    /** Copies the image; of an animation or a video a still. */
    image,
    /** Copies the address of the item's share page, which the first call creates. */
    link: (item: Copyable) => link(item),
    /** Copies the image where the clipboard can hold the item, otherwise the link. */
    best: (item: Copyable) => (copiedBy(item) === 'image' ? image(item) : link(item, INSTEAD[item.kind])),
    /** Copies a link that is still being created. */
    url: (url: Promise<string>) => run(copyText(url), 'link'),
    /** Copies code that shows the item on another site: its sharing picture with its link. */
    code: (item: Copyable, language: EmbedLanguage, alt: string) => {
      const code = Promise.all([itemLink(client, item.id), import('./embed-code.ts')]).then(
        ([{ url }, { embedCode }]) =>
          embedCode(language, { url, alt, hasPicture: item.kind !== 'video' || item.posterUrl !== null }),
      );
      return run(copyText(code), language);
    },
    /** Copies the address of the file, or of the version of a video that plays everywhere. */
    address: (item: Copyable) => run(copyText(Promise.resolve(publicUrl(item))), 'address'),
  };
}
