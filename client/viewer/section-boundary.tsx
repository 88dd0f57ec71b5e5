import { ErrorBoundary, type ParentProps } from 'solid-js';
import { useMediaWords } from '../i18n/media-dictionary.tsx';

/** A part of the viewer that breaks says so; the others stay. Show it keyed, and another picture is another try. */
export function Part(props: ParentProps) {
  const say = useMediaWords();
  return (
    <ErrorBoundary
      fallback={(error: unknown) => {
        console.error(error);
        return (
          <p class="part-broken" role="alert">
            {say('part.broken')}
          </p>
        );
      }}
    >
      {props.children}
    </ErrorBoundary>
  );
}
