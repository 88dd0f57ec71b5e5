import { useQuery } from '../api/observe.ts';
import { createEffect, createMemo, createSignal, For, on, Show, type Accessor } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { complete, optionsOf, type Option } from './suggestions.model.ts';
import { suggestionsQuery } from './suggestions.queries.ts';

const LIST_ID = 'search-suggestions';
const optionId = (index: number) => `${LIST_ID}-${index}`;

/**
 * The state of the list under the search box (the combobox pattern of WAI-ARIA APG): open while typing, closed by Escape, by
 * leaving and by choosing.
 *
 * @param typed what stands in the box
 * @param choose takes the search that results from a choice
 */
export function createSuggestions(typed: Accessor<string>, choose: (q: string) => void) {
  const [open, setOpen] = createSignal(false);
  const [active, setActive] = createSignal(-1);
  const query = useQuery(() => ({ ...suggestionsQuery(typed()), enabled: open() && typed() !== '' }));
  const options = createMemo((): readonly Option[] =>
    open() && !query.isPending && !query.isError ? optionsOf(query.data) : [],
  );
  createEffect(on(typed, () => setActive(-1)));

  const take = (option: Option) => {
    setOpen(false);
    choose(complete(typed(), option));
  };

  return {
    options,
    active,
    setActive,
    take,
    open: () => setOpen(true),
    close: () => setOpen(false),
    /** Moves and chooses by keys; `true` when the key was for the list. */
    key(key: string): boolean {
      const count = options().length;
      if (count === 0) return false;
      const chosen = options()[active()];
      if (key === 'ArrowDown') setActive((at) => (at + 1) % count);
      else if (key === 'ArrowUp') setActive((at) => (at <= 0 ? count - 1 : at - 1));
      else if (key === 'Enter' && chosen) take(chosen);
      else if (key === 'Escape') setOpen(false);
      else return false;
      return true;
    },
    /** For `aria-controls` and `aria-activedescendant` of the box. */
    listId: LIST_ID,
    activeId: () => (active() >= 0 ? optionId(active()) : undefined),
  };
}

/** The list itself. */
export function SuggestionList(props: { model: ReturnType<typeof createSuggestions> }) {
  const i18n = useI18n();
  return (
    <Show when={props.model.options().length > 0}>
      <ul id={LIST_ID} class="suggestions" role="listbox" aria-label={i18n.t('search.suggestions')}>
        <For each={props.model.options()}>
          {(option, index) => (
            <li
              id={optionId(index())}
              role="option"
              aria-selected={props.model.active() === index()}
              onPointerEnter={() => props.model.setActive(index())}
              // Before the input loses its focus, which would close the list under the pointer.
              onPointerDown={(event) => {
                event.preventDefault();
                props.model.take(option);
              }}
            >
              <span>
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
