import { createMemo, createSignal, createUniqueId } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { ComboboxList } from '../ui/combobox-list.tsx';
import { createCombobox } from '../ui/combobox.model.ts';
import './tag-field.css';
import { tagsQuery } from './tags.queries.ts';

/** Maximum number of suggested tags: as many as fit above a phone's keyboard. */
const MAX_SUGGESTED_TAGS = 6;
/** Maximum length of a typed tag, in UTF-16 units. */
const MAX_TYPED_UNITS = 60;

interface TagFieldProps {
  /** The typed text. */
  value: string;
  onInput: (text: string) => void;
  /** Called with the chosen tag. */
  onChoose: (name: string) => void;
  /** Tags that are not suggested. */
  without: readonly string[];
  /** Whether tags are suggested at all; by default yes. */
  suggests?: boolean;
  /** Whether the most used tags are suggested before anything is typed. */
  eager?: boolean;
  /** Handles a key that the suggestions do not use. */
  onKey?: (event: KeyboardEvent) => void;
  ref?: (input: HTMLInputElement) => void;
  id?: string;
  class?: string;
  /** Name of a field without a `<label>`; also its placeholder. */
  label?: string;
  required?: boolean;
  describedBy?: string;
  invalid?: boolean;
}

/** A text field for one tag, with the folder's tags as suggestions (a combobox). */
export function TagField(props: TagFieldProps) {
  const { t, number } = useI18n();
  const listId = createUniqueId();
  const [open, setOpen] = createSignal(false);
  const typed = () => props.value.trim();
  const wanted = () => open() && props.suggests !== false && (typed() !== '' || props.eager === true);
  const known = useQuery(() => ({ ...tagsQuery(typed()), enabled: wanted() }));
  const options = createMemo(() =>
    wanted() && known.isSuccess
      ? known.data.tags.filter(({ name }) => !props.without.includes(name)).slice(0, MAX_SUGGESTED_TAGS)
      : [],
  );
  const combobox = createCombobox({
    listId,
    options,
    keyOf: ({ name }) => name,
    onChoose: ({ name }) => props.onChoose(name),
    onClose: () => setOpen(false),
  });

  return (
    <div class="tag-field">
      <input
        ref={(input) => props.ref?.(input)}
        id={props.id}
        class={props.class}
        role="combobox"
        aria-label={props.label}
        placeholder={props.label}
        aria-autocomplete="list"
        aria-expanded={combobox.expanded()}
        aria-controls={listId}
        aria-activedescendant={combobox.activeId()}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        required={props.required}
        maxlength={MAX_TYPED_UNITS}
        autocomplete="off"
        autocapitalize="none"
        enterkeyhint="done"
        value={props.value}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onInput={(event) => {
          setOpen(true);
          combobox.reset();
          props.onInput(event.currentTarget.value);
          // Shows what is left after a tag was taken out of the text.
          event.currentTarget.value = props.value;
        }}
        // Comes before the dialogs and forms around, which close on Escape.
        on:keydown={(event) => {
          if (event.isComposing) return;
          if (event.key.startsWith('Arrow') && !open()) setOpen(true);
          // Suggestions that nobody asked for do not hold up Escape, which closes what is around.
          if (event.key === 'Escape' && typed() === '' && combobox.active() < 0) setOpen(false);
          if (combobox.key(event.key)) {
            event.preventDefault();
            event.stopPropagation();
          } else props.onKey?.(event);
        }}
      />
      <ComboboxList combobox={combobox} label={t('search.suggestions')} class="tag-options">
        {(tag) => (
          <>
            <span>#{tag.name}</span> <span class="faint">{number(tag.uses)}</span>
          </>
        )}
      </ComboboxList>
    </div>
  );
}
