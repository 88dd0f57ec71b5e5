import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { itemName } from '../library/item-name.ts';
import { itemPath } from '../library/paths.ts';
import { Icon } from '../ui/icon.tsx';
import { dayName, putAwayDay, showsDay } from './on-this-day.model.ts';
import { onThisDayQuery } from './on-this-day.queries.ts';
import './on-this-day.css';

/** A row of the items of this day in earlier years. It shows nothing without one. */
export function OnThisDay() {
  return (
    <BrowseDictionary>
      <Row />
    </BrowseDictionary>
  );
}

function Row() {
  const t = useBrowseDictionary();
  const i18n = useI18n();
  const [now, setNow] = createSignal(new Date());
  // A page that stays open over midnight has another day when somebody comes back to it.
  const look = () => !document.hidden && dayName(new Date()) !== dayName(now()) && setNow(new Date());
  document.addEventListener('visibilitychange', look);
  onCleanup(() => document.removeEventListener('visibilitychange', look));
  const day = createMemo(() => dayName(now()));
  const found = useQuery(() => ({ ...onThisDayQuery(now()), enabled: showsDay(day()) }));
  const items = () => (showsDay(day()) && found.isSuccess ? found.data : []);
  const year = (createdAt: string) => String(new Date(createdAt).getFullYear());
  return (
    <Show when={items().length > 0}>
      <section class="on-this-day" aria-labelledby="on-this-day">
        <header>
          <h2 id="on-this-day">{t('today.title')}</h2>
          <button
            type="button"
            class="button quiet icon-only"
            aria-label={t('today.hide')}
            title={t('today.hide')}
            onClick={() => {
              putAwayDay(day());
              document.querySelector<HTMLElement>('#pictures')?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        </header>
        <ul>
          <For each={items()}>
            {(item) => (
              <li>
                <a
                  href={itemPath(item.id, '')}
                  noScroll={true}
                  state='{"fromFolder":true}'
                  aria-label={`${year(item.createdAt)}: ${itemName(item, i18n)}`}
                >
                  <Show when={item.thumbUrl ?? item.posterUrl} fallback={<span class="on-this-day-none" />}>
                    {(address) => (
                      <img src={address()} alt="" loading="lazy" decoding="async" draggable={false} />
                    )}
                  </Show>
                  <span aria-hidden="true">{year(item.createdAt)}</span>
                </a>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
