import { For } from 'solid-js';
import { splitAtMarks } from './highlight.ts';

/** A text with what was searched for marked in it. */
export function HighlightedText(props: { text: string; marks: readonly (readonly [number, number])[] }) {
  return (
    <For each={splitAtMarks(props.text, props.marks)}>
      {(run) => (run.marked ? <mark>{run.text}</mark> : <>{run.text}</>)}
    </For>
  );
}
