import { useQuery } from '../api/query-observer.ts';
import { createSignal, Match, Switch } from 'solid-js';
import { meQuery } from '../auth/session.queries.ts';
import { MAX_TYPED_NAME_UNITS } from '../../app/auth/auth.limits.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Field, NewPasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Card, DeadLink, openLibrary } from '../ui/page.tsx';
import { invitationQuery, join } from './invites.queries.ts';
import '../auth/credentials.css';

/** Page of an invitation link: creates an account and signs in. */
export function JoinPage(props: { code: string }) {
  return (
    <PeopleDictionary>
      <Join code={props.code} />
    </PeopleDictionary>
  );
}

function Join(props: { code: string }) {
  const t = usePeopleDictionary();
  const me = useQuery(() => meQuery);
  const invitation = useQuery(() => invitationQuery(props.code));
  const lead = (name: string | null) => (name === null ? t('join.invited') : t('join.invitedBy', { name }));

  return (
    <Switch>
      <Match when={me.data?.user}>
        {(user) => (
          <Card title={t('join.already')} lead={t('join.already.text', { name: user().username })}>
            <a class="button primary" href="/">
              {t('page.back')}
            </a>
          </Card>
        )}
      </Match>
      <Match when={invitation.data}>
        {(info) => (
          <Card title={t('join.title')} lead={lead(info().invitedBy)}>
            <JoinForm code={props.code} />
          </Card>
        )}
      </Match>
      <Match when={invitation.isError}>
        <DeadLink title={t('join.failed')} error={invitation.error} />
      </Match>
    </Switch>
  );
}

function JoinForm(props: { code: string }) {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const [username, setUsername] = createSignal('');
  const [password, setPassword] = createSignal('');
  const form = createForm(['username', 'password'], async () => {
    await join({ username: username().trim(), password: password(), invite: props.code });
    openLibrary();
  });

  return (
    <Form form={form} submit={t('join.submit')}>
      <Field
        name="username"
        label={i18n.t('account.username')}
        hint={i18n.t('account.username.hint')}
        problem={form.problem('username')}
        autocomplete="username"
        required
        first
        maxlength={MAX_TYPED_NAME_UNITS}
        value={username()}
        onInput={setUsername}
      />
      <NewPasswordField
        label={i18n.t('account.password')}
        problem={form.problem('password')}
        value={password()}
        onInput={setPassword}
      />
    </Form>
  );
}
