import { For } from 'solid-js';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { libraryPath } from '../library/paths.ts';
import { splitQuery } from '../library/query-filters.ts';
import { filterChips, exactQuery } from './filter-chips.model.ts';
import { filterLabel } from './filter-labels.ts';

/** Shows the filters of a query as chips; pressing one removes it. */
export function FilterChips(props: { q: string }) {
  const { t } = useI18n();
  return (
    <BrowseDictionary>
      <For each={filterChips(props.q)}>
        {(chip) => <ChipLink label={filterLabel(chip.filter, t)} href={libraryPath(chip.rest)} />}
      </For>
    </BrowseDictionary>
  );
}

function ChipLink(props: { label: string; href: string }) {
  const t = useBrowseDictionary();
  return (
    <a
      class="filter"
      href={props.href}
      aria-current="true"
      aria-label={t('search.without', { filter: props.label })}
    >
      {props.label}
      <Icon name="close" />
    </a>
  );
}

/** Shows the corrected query and a link to search for the original words. */
export function CorrectionNotice(props: {
  q: string;
  corrected: { query: string; words: { from: string }[] };
}) {
  return (
    <BrowseDictionary>
      <Correction q={props.q} corrected={props.corrected} />
    </BrowseDictionary>
  );
}

function Correction(props: { q: string; corrected: { query: string; words: { from: string }[] } }) {
  const t = useBrowseDictionary();
  return (
    <>
      {' '}
      <strong>{t('search.corrected', { query: splitQuery(props.corrected.query).words })}</strong>{' '}
      <a href={libraryPath(exactQuery(props.q, props.corrected.words))}>
        {t('search.insist', { query: splitQuery(props.q).words })}
      </a>
    </>
  );
}
