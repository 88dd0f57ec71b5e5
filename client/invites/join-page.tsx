import { useQuery } from '../api/query-observer.ts';
import { createSignal, Match, Switch } from 'solid-js';
import { meQuery } from '../auth/session.queries.ts';
import { PeopleWords, useWords } from '../i18n/people-dictionary.tsx';
import { Field, NewPasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Card, DeadLink, enterFolder } from '../ui/page.tsx';
import { invitationQuery, join } from './invites.queries.ts';
import '../auth/credentials.css';

/** Where the link of an invitation leads: a name and a password, and one is in. */
export function JoinPage(props: { code: string }) {
  return (
    <PeopleWords>
      <Join code={props.code} />
    </PeopleWords>
  );
}

function Join(props: { code: string }) {
  const say = useWords();
  const me = useQuery(() => meQuery);
  const invitation = useQuery(() => invitationQuery(props.code));
  const lead = (name: string | null) =>
    name === null ? say('join.invited') : say('join.invitedBy', { name });

  return (
    <Switch>
      <Match when={me.data?.user}>
        {(user) => (
          <Card title={say('join.already')} lead={say('join.already.text', { name: user().username })}>
            <a class="button primary" href="/">
              {say('page.back')}
            </a>
          </Card>
        )}
      </Match>
      <Match when={invitation.data}>
        {(info) => (
          <Card title={say('join.title')} lead={lead(info().invitedBy)}>
            <JoinForm code={props.code} />
          </Card>
        )}
      </Match>
      <Match when={invitation.isError}>
        <DeadLink title={say('join.failed')} error={invitation.error} />
      </Match>
    </Switch>
  );
}

function JoinForm(props: { code: string }) {
  const say = useWords();
  const [username, setUsername] = createSignal('');
  const [password, setPassword] = createSignal('');
  const form = createForm(['username', 'password'], async () => {
    await join({ username: username().trim(), password: password(), invite: props.code });
    enterFolder();
  });

  return (
    <Form form={form} submit={say('join.submit')}>
      <Field
        name="username"
        label={say('field.username')}
        hint={say('field.username.hint')}
        problem={form.problem('username')}
        autocomplete="username"
        required
        first
        maxlength={128}
        value={username()}
        onInput={setUsername}
      />
      <NewPasswordField
        label={say('field.password')}
        problem={form.problem('password')}
        value={password()}
        onInput={setPassword}
      />
    </Form>
  );
}
