import { createEffect, For, Show, type JSX } from 'solid-js';
import type { Combobox } from './combobox.model.ts';
import './combobox-list.css';

/** The options of a combobox, while there are any. */
export function ComboboxList<Option>(props: {
  combobox: Combobox<Option>;
  label: string;
  class: string;
  children: (option: Option) => JSX.Element;
}) {
  let list: HTMLUListElement | undefined;
  createEffect(() => {
    const index = props.combobox.active();
    if (index >= 0) list?.children[index]?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <Show when={props.combobox.expanded()}>
      <ul
        ref={list}
        id={props.combobox.listId}
        class={`options ${props.class}`}
        role="listbox"
        aria-label={props.label}
      >
        <For each={props.combobox.options()}>
          {(option, index) => (
            <li
              id={`${props.combobox.listId}-${index()}`}
              role="option"
              aria-selected={props.combobox.active() === index()}
              onPointerMove={() => props.combobox.activate(index())}
              // Prevents the field's blur, which would close the list under the pointer.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.combobox.choose(option)}
            >
              {props.children(option)}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
