import { createEffect, createMemo, createSignal, on, type Accessor } from 'solid-js';

interface ComboboxProps<Option> {
  listId: string;
  /** The options on show; none while the list is closed. */
  options: Accessor<readonly Option[]>;
  /** Tells options apart. The active option stays active while it is among the options. */
  keyOf: (option: Option) => string;
  onChoose: (option: Option) => void;
  onClose: () => void;
}

/** A list of options and the active one among them. */
export type Combobox<Option> = ReturnType<typeof createCombobox<Option>>;

/**
 * State of a combobox (WAI-ARIA APG, list autocomplete with manual selection). The focus stays in
 * the field. Arrow keys move the active option and Enter chooses it. Enter without an active option
 * belongs to the field.
 */
export function createCombobox<Option>({ listId, options, keyOf, onChoose, onClose }: ComboboxProps<Option>) {
  const [activeKey, setActiveKey] = createSignal<string | null>(null);
  /** An arrow key pressed before the options have arrived: their first or last becomes active. */
  let early: 0 | -1 | null = null;
  const active = createMemo(() => options().findIndex((option) => keyOf(option) === activeKey()));
  const activate = (index: number) => {
    const option = options().at(index);
    setActiveKey(option === undefined ? null : keyOf(option));
  };
  createEffect(
    on(options, (now) => {
      if (now.length === 0) return;
      if (active() === -1) setActiveKey(null);
      if (early !== null) activate(early);
      early = null;
    }),
  );

  const choose = (option: Option) => {
    setActiveKey(null);
    onChoose(option);
  };

  return {
    listId,
    options,
    active,
    activate,
    choose,
    expanded: () => options().length > 0,
    /** Value of the field's `aria-activedescendant`. */
    activeId: () => (active() >= 0 ? `${listId}-${active()}` : undefined),
    /** Forgets the active option: the text of the field has changed. */
    reset(): void {
      early = null;
      setActiveKey(null);
    },
    /** Handles a key of the field; returns `true` if the list used it. */
    key(key: string): boolean {
      const count = options().length;
      const chosen = options()[active()];
      if (count === 0) {
        if (key === 'ArrowDown') early = 0;
        else if (key === 'ArrowUp') early = -1;
        return false;
      }
      if (key === 'ArrowDown') activate((active() + 1) % count);
      else if (key === 'ArrowUp') activate(active() <= 0 ? count - 1 : active() - 1);
      else if (key === 'Enter' && chosen !== undefined) choose(chosen);
      else if (key === 'Escape') {
        setActiveKey(null);
        onClose();
      } else return false;
      return true;
    },
  };
}
