import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { MAX_TYPED_NAME_UNITS } from '../../app/auth/auth.limits.ts';
import { PeopleDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Field, NewPasswordField, PasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { canUsePasskeys } from '../passkeys/support.ts';
import { meQuery } from './session.queries.ts';
import { SetupCodeField } from './setup-code-field.tsx';
import { signIn } from './sign-in.ts';
import './credentials.css';

/** Loads after the form, which is used without it, too. */
const PasskeySignIn = lazyComponent(
  () => import('../passkeys/passkey-sign-in.tsx').then((m) => m.PasskeySignIn),
  'nowhere',
);

/** Username and password form, to sign in or (`first`) to create the first account. */
export function CredentialsForm(props: { first: boolean }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [username, setUsername] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [setupCode, setSetupCode] = createSignal('');
  const me = () => client.getQueryData(meQuery.queryKey);
  const needsSetupCode = () => props.first && me()?.needsSetupCode === true;
  const form = createForm(['setupCode', 'username', 'password'], async () => {
    const typed = {
      username: username().trim(),
      password: password(),
      ...(needsSetupCode() && { setupCode: setupCode().trim() }),
    };
    await signIn(client, props.first ? 'register' : 'login', typed);
    setPassword('');
  });

  return (
    <>
      <Form form={form} submit={t(props.first ? 'account.create' : 'account.signIn')}>
        <Show when={needsSetupCode()}>
          <PeopleDictionary>
            <SetupCodeField problem={form.problem('setupCode')} value={setupCode()} onInput={setSetupCode} />
          </PeopleDictionary>
        </Show>
        <Field
          name="username"
          label={t('account.username')}
          hint={props.first ? t('account.username.hint') : undefined}
          problem={form.problem('username')}
          invalid={form.isInvalid('username')}
          autocomplete="username webauthn"
          required
          first
          maxlength={MAX_TYPED_NAME_UNITS}
          value={username()}
          onInput={setUsername}
        />
        <Show
          when={props.first}
          fallback={
            <PasswordField
              name="password"
              label={t('account.password')}
              problem={form.problem('password')}
              invalid={form.isInvalid('password')}
              autocomplete="current-password"
              value={password()}
              onInput={setPassword}
            />
          }
        >
          <NewPasswordField
            label={t('account.password')}
            problem={form.problem('password')}
            value={password()}
            onInput={setPassword}
          />
        </Show>
      </Form>
      <Show when={!props.first}>
        <Show when={canUsePasskeys(me()?.passkeyHost)}>
          <PasskeySignIn suggests />
        </Show>
        <p class="credentials-forgot faint">{t('account.forgot')}</p>
      </Show>
    </>
  );
}
