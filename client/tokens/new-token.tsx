import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { TOKEN_SCOPES, type TokenScope } from '../../app/http/scopes.limits.ts';
import { MAX_TOKEN_NAME_UNITS } from '../../app/tokens/tokens.limits.ts';
import type { MadeToken } from '../../app/tokens/tokens.schema.ts';
import { useSession } from '../auth/session-gate.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Field, PasswordField } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { makeToken } from './tokens.queries.ts';

/** Choices for the lifetime of a token, in days; 0 for one that does not expire. */
const DAYS = [30, 90, 366, 0] as const;
const DEFAULT_DAYS = 90;

/** A form with the name, scopes and lifetime of a new token. */
export function NewToken(props: { onMade: (made: MadeToken) => void }) {
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const { user } = useSession();
  const [name, setName] = createSignal('');
  const [scopes, setScopes] = createSignal<readonly TokenScope[]>(['read']);
  const [days, setDays] = createSignal<number>(DEFAULT_DAYS);
  const [password, setPassword] = createSignal('');
  const daysId = createUniqueId();
  const offered = () => TOKEN_SCOPES.filter((scope) => scope !== 'admin' || user().role === 'admin');
  const choose = (scope: TokenScope, chosen: boolean) =>
    setScopes((now) => TOKEN_SCOPES.filter((one) => (one === scope ? chosen : now.includes(one))));
  const form = createForm(['name', 'scopes', 'currentPassword'], async () => {
    props.onMade(
      await makeToken(client, {
        name: name(),
        scopes: [...scopes()],
        ...(days() > 0 && { expiresInDays: days() }),
        currentPassword: password(),
      }),
    );
    setName('');
    setPassword('');
  });

  return (
    <Form form={form} submit={t('tokens.make')}>
      <Field
        name="name"
        label={t('tokens.name')}
        hint={t('tokens.name.hint')}
        problem={form.problem('name')}
        maxlength={MAX_TOKEN_NAME_UNITS}
        required
        autocomplete="off"
        value={name()}
        onInput={setName}
      />
      <fieldset class="choice">
        <legend>{t('tokens.scopes')}</legend>
        <div class="field">
          <For each={offered()}>
            {(scope) => (
              <label class="switch">
                <input
                  type="checkbox"
                  name="scopes"
                  checked={scopes().includes(scope)}
                  onChange={(event) => choose(scope, event.currentTarget.checked)}
                />
                {t(`tokens.scope.${scope}`)}
              </label>
            )}
          </For>
          <p class="field-problem" role="alert">
            <Show when={form.problem('scopes')}>{t('tokens.scopes.none')}</Show>
          </p>
        </div>
      </fieldset>
      <div class="field">
        <label for={daysId}>{t('tokens.days')}</label>
        <select
          id={daysId}
          class="select"
          value={days()}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
        >
          <For each={DAYS}>
            {(count) => (
              <option value={count} selected={count === DEFAULT_DAYS}>
                {count === 0 ? t('tokens.days.never') : t('invites.days.count', { count })}
              </option>
            )}
          </For>
        </select>
      </div>
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
