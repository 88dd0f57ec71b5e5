import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, onMount, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { signIn } from './session.queries.ts';
import { createCredentials } from './credentials.model.ts';
import './credentials.css';
import { MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARACTERS } from '../../app/auth/auth.limits.ts';

/** Username and password form, to sign in or (`first`) to create the first account. */
export function CredentialsForm(props: { first: boolean }) {
  const { t, errorText } = useI18n();
  const client = useQueryClient();
  const form = createCredentials((typed) => signIn(client, props.first ? 'register' : 'login', typed));
  const [shown, setShown] = createSignal(false);
  let username!: HTMLInputElement;
  let password!: HTMLInputElement;
  onMount(() => username.focus());

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    await form.submit();
    if (form.error()) (form.isWrong('username') ? username : password).focus();
  };

  return (
    <form class="credentials" onSubmit={submit}>
      <div class="field">
        <label for="username">{t('account.username')}</label>
        <input
          ref={username}
          id="username"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          maxlength="128"
          value={form.username()}
          onInput={(event) => form.setUsername(event.currentTarget.value)}
          aria-invalid={form.isWrong('username')}
          aria-describedby={props.first ? 'username-hint credentials-problem' : 'credentials-problem'}
        />
        <Show when={props.first}>
          <p id="username-hint" class="faint">
            {t('account.username.hint')}
          </p>
        </Show>
      </div>
      <div class="field">
        <label for="password">{t('account.password')}</label>
        <div class="password">
          <input
            ref={password}
            id="password"
            name="password"
            type={shown() ? 'text' : 'password'}
            autocomplete={props.first ? 'new-password' : 'current-password'}
            required
            minlength={props.first ? MIN_PASSWORD_CHARACTERS : undefined}
            maxlength={MAX_PASSWORD_BYTES}
            value={form.password()}
            onInput={(event) => form.setPassword(event.currentTarget.value)}
            aria-invalid={form.isWrong('password')}
            aria-describedby={props.first ? 'password-hint credentials-problem' : 'credentials-problem'}
          />
          <button
            type="button"
            class="button icon-only"
            aria-label={t(shown() ? 'account.hidePassword' : 'account.showPassword')}
            onClick={() => setShown((now) => !now)}
          >
            <Icon name={shown() ? 'eyeOff' : 'eye'} />
          </button>
        </div>
        <Show when={props.first}>
          <p id="password-hint" class="faint">
            {t('account.password.hint')}
          </p>
        </Show>
      </div>
      <p id="credentials-problem" class="field-problem" role="alert">
        <Show when={form.error()}>{(error) => errorText(error().code)}</Show>
      </p>
      <button type="submit" class="button primary" disabled={form.busy()}>
        {t(props.first ? 'account.create' : 'account.signIn')}
      </button>
    </form>
  );
}
