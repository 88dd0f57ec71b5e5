import { useNavigate } from '@solidjs/router';
import { createSignal, onCleanup, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/shortcuts.ts';
import { createLazyImport } from '../ui/lazy-import.ts';
import { useLibrary } from '../library/library-context.tsx';
import { libraryPath } from '../library/paths.ts';
import { createSearchBox } from './search-box.model.ts';
import type { SuggestionKeys } from './suggestions.tsx';
import { MAX_QUERY_UNITS } from '../../app/media/media.limits.ts';

const LIST_ID = 'search-suggestions';

/** The search box. `/` focuses it from anywhere on the page, Escape clears it. */
export function SearchBox(props: { q: string }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const library = useLibrary();
  const search = createSearchBox(
    () => props.q,
    (q, options) => navigate(libraryPath(q), { ...options, scroll: true }),
  );
  const list = createLazyImport(() => import('./suggestions.tsx').then((m) => m.SuggestionList));
  const [open, setOpen] = createSignal(false);
  const [keys, setKeys] = createSignal<SuggestionKeys>();
  let input!: HTMLInputElement;

  const focus = (event: KeyboardEvent) => {
    if (event.key !== '/' || isTyping(event) || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    input.focus();
    input.select();
  };
  document.addEventListener('keydown', focus);
  onCleanup(() => document.removeEventListener('keydown', focus));

  /** The last search that ended before the list was loaded. The list saves it when it comes. */
  let unsaved: string | undefined;
  const remember = (q: string) => {
    const loaded = keys();
    if (loaded) loaded.remember(q);
    else unsaved = q;
  };
  const connect = (loaded: SuggestionKeys) => {
    setKeys(loaded);
    if (unsaved !== undefined) loaded.remember(unsaved);
  };
  const finish = () => {
    const q = search.submit(true);
    remember(q);
    return q;
  };
  const clear = () => {
    search.clear();
    input.focus();
  };
  const show = () => {
    list.load();
    setOpen(true);
  };

  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const q = finish();
        input.blur();
        library.requestFocus(q);
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
        maxlength={MAX_QUERY_UNITS}
        aria-label={t('search.label')}
        aria-keyshortcuts="/"
        placeholder={t('search.placeholder')}
        value={search.typed()}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={keys()?.expanded() ?? false}
        aria-controls={LIST_ID}
        aria-activedescendant={keys()?.activeId()}
        onFocus={show}
        onInput={(event) => {
          show();
          search.type(event.currentTarget.value);
        }}
        onBlur={() => {
          setOpen(false);
          finish();
        }}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === 'ArrowDown' && !open()) show();
          else if (keys()?.key(event.key) !== true) {
            if (event.key !== 'Escape') return;
            if (search.typed()) clear();
            else input.blur();
          }
          event.preventDefault();
        }}
      />
      <Show when={list.module()} keyed>
        {(List) => (
          <List
            listId={LIST_ID}
            open={open()}
            typed={search.typed()}
            onClose={() => setOpen(false)}
            onChoose={(text) => {
              search.type(text);
              finish();
              input.focus();
            }}
            onRecent={(q) => navigate(libraryPath(q))}
            ref={connect}
          />
        )}
      </Show>
      <Show when={search.typed()} fallback={<kbd aria-hidden="true">/</kbd>}>
        <button type="button" class="button icon-only" aria-label={t('search.clear')} onClick={clear}>
          <Icon name="close" />
        </button>
      </Show>
    </form>
  );
}
