import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { NewPasswordField, PasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/page.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { changePassword } from './account-settings.queries.ts';
import { useSession } from './session-gate.tsx';

/**
 * Names the password's owner for password managers:
 * https://www.chromium.org/developers/design-documents/create-amazing-password-forms/
 */
export function UsernameForManagers(props: { username: string }) {
  return (
    <input
      class="unseen"
      name="username"
      autocomplete="username"
      aria-hidden="true"
      tabindex="-1"
      readOnly
      value={props.username}
    />
  );
}

/** Changes the user's own password and ends all other sessions. */
export function PasswordSection() {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const { user } = useSession();
  const [current, setCurrent] = createSignal('');
  const [password, setPassword] = createSignal('');
  const form = createForm(['currentPassword', 'password'], async () => {
    await changePassword(client, { currentPassword: current(), password: password() });
    setCurrent('');
    setPassword('');
    toasts.show(t('account.password.changed'));
  });

  return (
    <Section title={i18n.t('account.password')}>
      <Form form={form} submit={t('account.password.change')}>
        <UsernameForManagers username={user().username} />
        <PasswordField
          name="currentPassword"
          label={t('field.currentPassword')}
          problem={form.problem('currentPassword')}
          autocomplete="current-password"
          value={current()}
          onInput={setCurrent}
        />
        <NewPasswordField
          label={t('field.newPassword')}
          problem={form.problem('password')}
          value={password()}
          onInput={setPassword}
        />
      </Form>
    </Section>
  );
}
