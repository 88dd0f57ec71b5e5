import { useQuery } from '../api/observe.ts';
import { createSignal, Match, Switch } from 'solid-js';
import { PeopleWords, useWords } from '../i18n/people-words.tsx';
import { PasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Card } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { applyReset, resetQuery } from './account.queries.ts';
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

/** A full load: what is shown from now on is for someone who is signed in. */
const enterFolder = () => location.assign('/');

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
        <main>
          <Problem
            page
            title={say('reset.failed')}
            error={reset.error}
            action={say('join.toSignIn')}
            onAction={enterFolder}
          />
        </main>
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
      <PasswordField
        name="password"
        label={say('field.newPassword')}
        hint={say('field.password.hint')}
        problem={form.problem('password')}
        autocomplete="new-password"
        minlength={10}
        value={password()}
        onInput={setPassword}
      />
    </Form>
  );
}
