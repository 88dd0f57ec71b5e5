import { Match, Switch } from 'solid-js';

/** `smile` by default, `open` during a drag, `asleep` for an empty list, `puzzled` for an error. */
export type Mood = 'smile' | 'open' | 'asleep' | 'puzzled';

/** The logo: a folder with a face. It is decorative; adjacent text carries the meaning. */
export function Logo(props: { mood?: Mood }) {
  return (
    <svg class="logo" viewBox="0 0 48 48" aria-hidden="true" data-mood={props.mood ?? 'smile'}>
      <path
        class="logo-back"
        d="M4 13.5A5.5 5.5 0 0 1 9.5 8h8.3a5 5 0 0 1 3.7 1.6L24.6 13H38.5a5.5 5.5 0 0 1 5.5 5.5V24H4z"
      />
      <rect class="logo-front" x="4" y="16" width="40" height="26" rx="6.5" />
      <g class="logo-lines">
        <Switch fallback={<path class="logo-eyes" d="M17 25.5v2.5M31 25.5v2.5" />}>
          <Match when={props.mood === 'asleep'}>
            <path d="M15 27c1 1.5 3 1.5 4 0M29 27c1 1.5 3 1.5 4 0" />
          </Match>
        </Switch>
        <Switch fallback={<path d="M18.5 33.5c3 3 8 3 11 0" />}>
          <Match when={props.mood === 'open'}>
            <ellipse class="logo-mouth" cx="24" cy="34.5" rx="5" ry="4" />
          </Match>
          <Match when={props.mood === 'asleep'}>
            <path d="M22 34.5h4" />
          </Match>
          <Match when={props.mood === 'puzzled'}>
            <path d="M18.5 35c2-2 3.5 1.5 5.5 0s3.5-1.5 5.5 0" />
          </Match>
        </Switch>
      </g>
    </svg>
  );
}
