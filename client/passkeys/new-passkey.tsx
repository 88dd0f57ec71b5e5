import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { MAX_PASSKEY_NAME_UNITS } from '../../app/passkeys/passkeys.limits.ts';
import { UsernameForManagers } from '../auth/password-section.tsx';
import { useSession } from '../auth/session-gate.tsx';
import { parseUserAgent } from '../auth/user-agent.ts';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Field, PasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { addPasskey } from './ceremonies.ts';

/** A form with the name of a new passkey, which the browser then makes. */
export function NewPasskey() {
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const { user } = useSession();
  const device = parseUserAgent(navigator.userAgent);
  const [name, setName] = createSignal(device ? t('device.on', device) : '');
  const [password, setPassword] = createSignal('');
  const form = createForm(['name', 'currentPassword'], async () => {
    await addPasskey(client, { name: name(), currentPassword: password() });
    setPassword('');
    toasts.show(t('passkeys.added'));
  });

  return (
    <Form form={form} submit={t('passkeys.add')}>
      <UsernameForManagers username={user().username} />
      <Field
        name="name"
        label={t('passkeys.name')}
        hint={t('passkeys.name.hint')}
        problem={form.problem('name')}
        maxlength={MAX_PASSKEY_NAME_UNITS}
        required
        autocomplete="off"
        value={name()}
        onInput={setName}
      />
      <PasswordField
        name="currentPassword"
        label={t('tokens.password')}
        problem={form.problem('currentPassword')}
        autocomplete="current-password"
        value={password()}
        onInput={setPassword}
      />
    </Form>
  );
}
