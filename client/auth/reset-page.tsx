import { useQuery } from '../api/query-observer.ts';
import { createSignal, Match, Switch } from 'solid-js';
import { PeopleWords, useWords } from '../i18n/people-dictionary.tsx';
import { NewPasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Card, DeadLink, enterFolder } from '../ui/page.tsx';
import { applyReset, resetQuery } from './account-settings.queries.ts';
import { UsernameForManagers } from './password-section.tsx';
import './credentials.css';

/** Where the link from an admin leads: a new password, and one is in. */
export function ResetPage(props: { code: string }) {
  return (
    <PeopleWords>
      <Reset code={props.code} />
    </PeopleWords>
  );
}

function Reset(props: { code: string }) {
  const say = useWords();
  const reset = useQuery(() => resetQuery(props.code));
  return (
    <Switch>
      <Match when={reset.data}>
        {(info) => (
          <Card title={say('reset.title')} lead={say('reset.lead', { name: info().username })}>
            <ResetForm code={props.code} username={info().username} />
          </Card>
        )}
      </Match>
      <Match when={reset.isError}>
        <DeadLink title={say('reset.failed')} error={reset.error} />
      </Match>
    </Switch>
  );
}

function ResetForm(props: { code: string; username: string }) {
  const say = useWords();
  const [password, setPassword] = createSignal('');
  const form = createForm(['password'], async () => {
    await applyReset({ code: props.code, password: password() });
    enterFolder();
  });
  return (
    <Form form={form} submit={say('reset.submit')}>
      <UsernameForManagers username={props.username} />
      <NewPasswordField
        label={say('field.newPassword')}
        problem={form.problem('password')}
        value={password()}
        onInput={setPassword}
      />
    </Form>
  );
}
