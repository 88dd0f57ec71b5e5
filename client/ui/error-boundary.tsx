import { ErrorBoundary, type ParentProps } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Logo } from './logo.tsx';

/** A part that breaks says so and offers the way back, instead of leaving a blank page. */
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
