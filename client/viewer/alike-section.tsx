import { createUniqueId, For, Show } from 'solid-js';
import type { AlikeRelation, AlikeRow as Row } from '../../app/media/alike/alike.schema.ts';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { boundedCount } from '../library/bounded-count.ts';
import { itemName } from '../library/item-name.ts';
import { itemPath, libraryPath } from '../library/paths.ts';
import { thumbhashPlaceholder } from '../library/thumbhash.ts';
import { alikeQuery } from './alike.queries.ts';
import './alike.css';

/**
 * Rows of items that look alike: with the same words, and with others. Nothing if there are
 * none.
 *
 * @param props.loading whether the text is still loading, which decides between the rows
 */
export function AlikeSection(props: { item: MediaItem; loading: boolean }) {
  const query = useQuery(() => ({ ...alikeQuery(props.item), enabled: !props.loading }));
  return (
    <>
      <AlikeRow id={props.item.id} as="meme" row={query.data?.meme} />
      <AlikeRow id={props.item.id} as="template" row={query.data?.template} />
    </>
  );
}

function AlikeRow(props: { id: string; as: AlikeRelation; row: Row | undefined }) {
  const i18n = useI18n();
  const t = useMediaDictionary();
  const headingId = createUniqueId();
  const found = () => (props.row && props.row.items.length > 0 ? props.row : undefined);

  return (
    <Show when={found()}>
      {(row) => (
        <section class="alike" aria-labelledby={headingId}>
          <div class="alike-head">
            <h3 id={headingId}>
              {t(`alike.${props.as}`)} <span class="faint">{boundedCount(row().total, i18n)}</span>
            </h3>
            <Show when={row().total.value > row().items.length}>
              <a href={libraryPath(`like:${props.id}`)}>{t('alike.all')}</a>
            </Show>
          </div>
          <ul>
            <For each={row().items}>
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
