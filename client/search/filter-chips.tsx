import { For } from 'solid-js';
import { BrowseWords, useBrowseWords } from '../i18n/browse-dictionary.tsx';
import { Icon } from '../ui/icon.tsx';
import { chipsOf, insisted } from './filter-chips.model.ts';
import { folderPath } from '../library/paths.ts';

/** The filters written in a search, each as a chip that takes it away. */
export function Chips(props: { q: string }) {
  return (
    <BrowseWords>
      <For each={chipsOf(props.q)}>
        {(chip) => <ChipLink label={chip.label} href={folderPath(chip.rest)} />}
      </For>
    </BrowseWords>
  );
}

function ChipLink(props: { label: string; href: string }) {
  const say = useBrowseWords();
  return (
    <a
      class="filter"
      href={props.href}
      aria-current="true"
      aria-label={say('search.without', { filter: props.label })}
    >
      {props.label}
      <Icon name="close" />
    </a>
  );
}

/** What was searched for instead of words that nothing matched, and the way to insist on them. */
export function Corrected(props: { q: string; corrected: { query: string; words: { from: string }[] } }) {
  return (
    <BrowseWords>
      <Correction q={props.q} corrected={props.corrected} />
    </BrowseWords>
  );
}

function Correction(props: { q: string; corrected: { query: string; words: { from: string }[] } }) {
  const say = useBrowseWords();
  return (
    <>
      {' '}
      <strong>{say('search.corrected', { query: props.corrected.query })}</strong>{' '}
      <a href={folderPath(insisted(props.q, props.corrected.words))}>
        {say('search.insist', { query: props.q })}
      </a>
    </>
  );
}
