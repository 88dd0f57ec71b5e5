import { ErrorBoundary, type ParentProps } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Logo } from './logo.tsx';

/** Shows an error with a reload button instead of a blank page. */
export function SectionErrorBoundary(props: ParentProps) {
  return (
    <ErrorBoundary
      fallback={(error: unknown) => {
        console.error(error);
        return <Broken />;
      }}
    >
      {props.children}
    </ErrorBoundary>
  );
}

function Broken() {
  const { t } = useI18n();
  return (
    <main class="notice" role="alert">
      <Logo mood="puzzled" />
      <h1>{t('app.broken')}</h1>
      <p>{t('app.broken.text')}</p>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        {t('app.reload')}
      </button>
    </main>
  );
}
