import { Match, Switch, type JSX } from 'solid-js';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { ErrorNotice } from './error-notice.tsx';

interface QueryBoundaryProps<Data> {
  query: { data: Data | undefined; isError: boolean; error: unknown; refetch(): Promise<unknown> };
  children: (data: () => Data) => JSX.Element;
}

/** Renders a query's data once loaded, or its error with a retry button. */
export function QueryBoundary<Data>(props: QueryBoundaryProps<Data>) {
  const { t } = useI18n();
  const tPeople = usePeopleDictionary();
  const got = () => (props.query.data === undefined ? undefined : { data: props.query.data });
  return (
    <Switch fallback={<p class="faint">{t('app.loading')}</p>}>
      <Match when={got()}>{(value) => props.children(() => value().data)}</Match>
      <Match when={props.query.isError}>
        <ErrorNotice
          title={tPeople('page.failed')}
          error={props.query.error}
          action={t('app.retry')}
          onAction={() => void props.query.refetch()}
        />
      </Match>
    </Switch>
  );
}
