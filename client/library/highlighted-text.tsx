import { For } from 'solid-js';
import { splitAtMarks } from './highlight.ts';

/** Shows a text with its search matches highlighted. */
export function HighlightedText(props: { text: string; marks: readonly (readonly [number, number])[] }) {
  return (
    <For each={splitAtMarks(props.text, props.marks)}>
      {(run) => (run.marked ? <mark>{run.text}</mark> : <>{run.text}</>)}
    </For>
  );
}
