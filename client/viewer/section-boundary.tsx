import { ErrorBoundary, type ParentProps } from 'solid-js';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import './notices.css';

/**
 * Catches errors of one viewer section; the others stay. Render it keyed, so that another item
 * retries.
 */
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
