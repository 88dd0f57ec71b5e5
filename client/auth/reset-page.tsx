import { useQuery } from '../api/query-observer.ts';
import { createSignal, Match, Switch } from 'solid-js';
import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { NewPasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Card, DeadLink, openLibrary } from '../ui/page.tsx';
import { applyReset, resetQuery } from './account-settings.queries.ts';
import { UsernameForManagers } from './password-section.tsx';
import './credentials.css';

/** Page of a reset link: sets a new password and signs in. */
export function ResetPage(props: { code: string }) {
  return (
    <PeopleDictionary>
      <Reset code={props.code} />
    </PeopleDictionary>
  );
}

function Reset(props: { code: string }) {
  const t = usePeopleDictionary();
  const reset = useQuery(() => resetQuery(props.code));
  return (
    <Switch>
      <Match when={reset.data}>
        {(info) => (
          <Card title={t('reset.title')} lead={t('reset.lead', { name: info().username })}>
            <ResetForm code={props.code} username={info().username} />
          </Card>
        )}
      </Match>
      <Match when={reset.isError}>
        <DeadLink title={t('reset.failed')} error={reset.error} />
      </Match>
    </Switch>
  );
}

function ResetForm(props: { code: string; username: string }) {
  const t = usePeopleDictionary();
  const [password, setPassword] = createSignal('');
  const form = createForm(['password'], async () => {
    await applyReset({ code: props.code, password: password() });
    openLibrary();
  });
  return (
    <Form form={form} submit={t('reset.submit')}>
      <UsernameForManagers username={props.username} />
      <NewPasswordField
        label={t('field.newPassword')}
        problem={form.problem('password')}
        value={password()}
        onInput={setPassword}
      />
    </Form>
  );
}
