import { ErrorBoundary, type ParentProps } from 'solid-js';
import { useMediaDictionary } from '../i18n/media-dictionary.tsx';

/** A part of the viewer that breaks says so; the others stay. Show it keyed, and another picture is another try. */
export function SectionBoundary(props: ParentProps) {
  const t = useMediaDictionary();
  return (
    <ErrorBoundary
      fallback={(error: unknown) => {
        console.error(error);
        return (
          <p class="section-broken" role="alert">
            {t('part.broken')}
          </p>
        );
      }}
    >
      {props.children}
    </ErrorBoundary>
  );
}
