import { For } from 'solid-js';
import { runs } from './highlight.ts';

/** A text with what was searched for marked in it. */
export function Marked(props: { text: string; marks: readonly (readonly [number, number])[] }) {
  return (
    <For each={runs(props.text, props.marks)}>
      {(run) => (run.marked ? <mark>{run.text}</mark> : <>{run.text}</>)}
    </For>
  );
}
