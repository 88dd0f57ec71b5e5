import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { useQuery } from '../api/query-observer.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { takeSort, TRASH } from '../library/query-filters.ts';
import { ComboboxList } from '../ui/combobox-list.tsx';
import { afterPaint } from '../ui/after-paint.ts';
import { createCombobox } from '../ui/combobox.model.ts';
import { Icon } from '../ui/icon.tsx';
import { describeQuery } from './filter-labels.ts';
import { clearSearches, recentSearches, saveSearch } from './recent-searches.ts';
import { complete, recentOptions, suggestionOptions, type Option } from './suggestions.model.ts';
import { completionsQuery } from './suggestions.queries.ts';

/** Interface between the search box and its suggestion list. */
export interface SuggestionKeys {
  /** Handles a key; returns `true` if the list used it. */
  key(key: string): boolean;
  /** Value of the box's `aria-activedescendant`. */
  activeId(): string | undefined;
  expanded(): boolean;
  /** Saves a query as a recent search. */
  remember(q: string): void;
}

interface SuggestionsProps {
  listId: string;
  open: boolean;
  typed: string;
  /** Called with the text that results from a choice. */
  onChoose: (text: string) => void;
  /** Called with the query of a chosen recent search. */
  onRecent: (q: string) => void;
  onClose: () => void;
  ref: (keys: SuggestionKeys) => void;
}

/**
 * Suggestion list under the search box (the combobox pattern of WAI-ARIA APG). It shows completions
 * of the last word, or recent searches before any input. It opens on input and closes on Escape,
 * blur and choice.
 */
export function SuggestionList(props: SuggestionsProps) {
  const i18n = useI18n();
  const { user } = useSession();
  const [recent, setRecent] = createSignal<readonly string[]>([]);
  /** The box as it was last painted: the list follows after the letter shows. */
  const [painted, setPainted] = createSignal({ open: false, typed: '' });
  createEffect(() => {
    const { open, typed } = props;
    onCleanup(afterPaint(() => setPainted({ open, typed })));
  });
  const query = useQuery(() => ({
    ...completionsQuery(painted().typed),
    enabled: painted().open && painted().typed !== '',
  }));
  createEffect(() => {
    if (props.open) setRecent(recentSearches(user().username));
  });
  const options = createMemo((): readonly Option[] => {
    // The options of other letters are never offered.
    if (!props.open || !painted().open || props.typed !== painted().typed) return [];
    if (painted().typed.trim() === '')
      return recentOptions(recent(), (q) => describeQuery(q, i18n.t), i18n.t('search.forget'));
    return suggestionOptions(props.typed, i18n.t, query.isSuccess ? query.data : undefined);
  });

  const take = (option: Option) => {
    if (option.kind === 'forget') {
      clearSearches();
      setRecent([]);
      return;
    }
    props.onClose();
    if (option.kind === 'recent') props.onRecent(option.insert);
    else props.onChoose(complete(props.typed, option));
  };

  const combobox = createCombobox({
    listId: props.listId,
    options,
    keyOf: ({ kind, insert }) => `${kind} ${insert}`,
    onChoose: take,
    onClose: () => props.onClose(),
  });
  createEffect(
    on(
      () => props.typed,
      () => combobox.reset(),
      { defer: true },
    ),
  );
  props.ref({
    ...combobox,
    remember: (q) => q !== TRASH && saveSearch(user().username, takeSort(q).rest),
  });

  return (
    <ComboboxList combobox={combobox} class="suggestions" label={i18n.t('search.suggestions')}>
      {(option) => (
        <>
          <span data-kind={option.kind}>
            <Show when={option.kind === 'recent'}>
              <Icon name="retry" />
              <span class="unseen">{i18n.t('search.recent')}: </span>
            </Show>
            <Show when={option.kind === 'collection'}>
              <Icon name="collection" />
            </Show>
            {option.kind === 'tag' ? '#' : option.kind === 'person' ? '@' : ''}
            {option.label}
          </span>
          <Show when={option.kind === 'state'}>
            <span class="faint">{option.insert}</span>
          </Show>
          <Show when={option.uses !== null}>
            <span class="faint">{i18n.number(option.uses ?? 0)}</span>
          </Show>
        </>
      )}
    </ComboboxList>
  );
}
