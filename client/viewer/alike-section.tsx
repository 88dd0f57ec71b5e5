import { createUniqueId, For, Show } from 'solid-js';
import type { AlikeList, AlikeRelation } from '../../app/media/alike/alike.schema.ts';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { itemName } from '../library/item-name.ts';
import { itemPath, libraryPath } from '../library/paths.ts';
import { thumbhashPlaceholder } from '../library/thumbhash.ts';
import { alikeQuery } from './alike.queries.ts';
import './alike.css';

/**
 * Rows of items that look alike: with the same words, and with others. Nothing if there are
 * none.
 */
export function AlikeSection(props: { item: MediaItem }) {
  return (
    <>
      <AlikeRow item={props.item} as="meme" />
      <AlikeRow item={props.item} as="template" />
    </>
  );
}

function AlikeRow(props: { item: MediaItem; as: AlikeRelation }) {
  const i18n = useI18n();
  const t = useMediaDictionary();
  const headingId = createUniqueId();
  const query = useQuery(() => alikeQuery(props.item, props.as));
  const found = () => (query.data && query.data.items.length > 0 ? query.data : undefined);
  const count = ({ total }: AlikeList) => `${i18n.number(total.value)}${total.exact ? '' : '+'}`;

  return (
    <Show when={found()}>
      {(list) => (
        <section class="alike" aria-labelledby={headingId}>
          <div class="alike-head">
            <h3 id={headingId}>
              {t(`alike.${props.as}`)} <span class="faint">{count(list())}</span>
            </h3>
            <Show when={list().next !== null}>
              <a href={libraryPath(`like:${props.item.id}`)}>{t('alike.all')}</a>
            </Show>
          </div>
          <ul>
            <For each={list().items}>
              {({ item, mirrored }) => (
                <li>
                  <a
                    href={itemPath(item.id, '')}
                    noScroll={true}
                    aria-label={[itemName(item, i18n), mirrored && t('alike.mirrored')]
                      .filter(Boolean)
                      .join(', ')}
                    style={{ 'background-image': thumbhashPlaceholder(item.thumbHash) }}
                  >
                    <Show when={item.thumbUrl ?? item.posterUrl}>
                      {(thumb) => <img src={thumb()} alt="" loading="lazy" decoding="async" />}
                    </Show>
                    <Show when={mirrored}>
                      <span class="alike-mirrored" aria-hidden="true">
                        {t('alike.mirrored')}
                      </span>
                    </Show>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </section>
      )}
    </Show>
  );
}
