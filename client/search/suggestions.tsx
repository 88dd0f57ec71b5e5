import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { useQuery } from '../api/query-observer.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { clearSearches, recentSearches, saveSearch } from './recent-searches.ts';
import { complete, suggestionOptions, recentOptions, type Option } from './suggestions.model.ts';
import { completionsQuery } from './suggestions.queries.ts';

const optionId = (listId: string, index: number) => `${listId}-${index}`;

/** Interface between the search box and its suggestion list. */
export interface SuggestionKeys {
  /** Handles a key; returns `true` if the list used it. */
  key(key: string): boolean;
  /** Value of the box's `aria-activedescendant`. */
  activeId(): string | undefined;
  expanded(): boolean;
  /** Saves the box's text as a recent search. */
  remember(): void;
}

interface SuggestionsProps {
  listId: string;
  open: boolean;
  typed: string;
  /** Called with the query that results from a choice. */
  onChoose: (q: string) => void;
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
  const [active, setActive] = createSignal(-1);
  const [recent, setRecent] = createSignal<readonly string[]>([]);
  const query = useQuery(() => ({
    ...completionsQuery(props.typed),
    enabled: props.open && props.typed !== '',
  }));
  createEffect(() => {
    if (props.open) setRecent(recentSearches(user().username));
  });
  const options = createMemo((): readonly Option[] => {
    if (!props.open) return [];
    if (props.typed.trim() === '') return recentOptions(recent(), i18n.t('search.forget'));
    return query.isPending || query.isError ? [] : suggestionOptions(query.data);
  });
  createEffect(on(options, () => setActive(-1)));

  const take = (option: Option) => {
    if (option.kind === 'forget') {
      clearSearches();
      setRecent([]);
      return;
    }
    props.onClose();
    props.onChoose(option.kind === 'recent' ? option.insert : complete(props.typed, option));
  };

  props.ref({
    key(key) {
      const count = options().length;
      if (count === 0) return false;
      const chosen = options()[active()];
      if (key === 'ArrowDown') setActive((at) => (at + 1) % count);
      else if (key === 'ArrowUp') setActive((at) => (at <= 0 ? count - 1 : at - 1));
      else if (key === 'Enter' && chosen) take(chosen);
      else if (key === 'Escape') props.onClose();
      else return false;
      return true;
    },
    activeId: () => (active() >= 0 ? optionId(props.listId, active()) : undefined),
    expanded: () => options().length > 0,
    remember: () => saveSearch(user().username, props.typed),
  });

  return (
    <Show when={options().length > 0}>
      <ul id={props.listId} class="suggestions" role="listbox" aria-label={i18n.t('search.suggestions')}>
        <For each={options()}>
          {(option, index) => (
            <li
              id={optionId(props.listId, index())}
              role="option"
              aria-selected={active() === index()}
              data-kind={option.kind}
              onPointerEnter={() => setActive(index())}
              // Prevents the input's blur, which would close the list under the pointer.
              onPointerDown={(event) => {
                event.preventDefault();
                take(option);
              }}
            >
              <span>
                <Show when={option.kind === 'recent'}>
                  <Icon name="retry" />
                  <span class="unseen">{i18n.t('search.recent')}: </span>
                </Show>
                {option.kind === 'tag' ? '#' : option.kind === 'person' ? '@' : ''}
                {option.label}
              </span>
              <Show when={option.uses !== null}>
                <span class="faint">{i18n.number(option.uses ?? 0)}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
