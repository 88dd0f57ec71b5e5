import { useNavigate } from '@solidjs/router';
import { onCleanup, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/keys.ts';
import { folderPath } from './paths.ts';
import { createSearch } from './search.model.ts';
import { createSuggestions, SuggestionList } from './suggestions.tsx';

/** The one box that finds everything. `/` gets there from anywhere on the page, Escape empties it. */
export function SearchBox(props: { q: string }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const search = createSearch(
    () => props.q,
    (q, options) => navigate(folderPath(q), { ...options, scroll: true }),
  );
  const suggestions = createSuggestions(search.typed, (q) => {
    search.type(q);
    search.submit();
    input.focus();
  });
  let input!: HTMLInputElement;

  const focus = (event: KeyboardEvent) => {
    if (event.key !== '/' || isTyping(event) || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    input.focus();
    input.select();
  };
  document.addEventListener('keydown', focus);
  onCleanup(() => document.removeEventListener('keydown', focus));

  const clear = () => {
    search.clear();
    input.focus();
  };

  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        suggestions.close();
        search.submit();
        input.blur();
      }}
    >
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        enterkeyhint="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxlength="1000"
        aria-label={t('search.label')}
        aria-keyshortcuts="/"
        placeholder={t('search.placeholder')}
        value={search.typed()}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={suggestions.options().length > 0}
        aria-controls={suggestions.listId}
        aria-activedescendant={suggestions.activeId()}
        onInput={(event) => {
          suggestions.open();
          search.type(event.currentTarget.value);
        }}
        onBlur={() => suggestions.close()}
        onKeyDown={(event) => {
          if (suggestions.key(event.key)) {
            event.preventDefault();
            return;
          }
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (search.typed()) clear();
          else input.blur();
        }}
      />
      <SuggestionList model={suggestions} />
      <Show when={search.typed()} fallback={<kbd aria-hidden="true">/</kbd>}>
        <button type="button" class="button icon-only" aria-label={t('search.clear')} onClick={clear}>
          <Icon name="close" />
        </button>
      </Show>
    </form>
  );
}
