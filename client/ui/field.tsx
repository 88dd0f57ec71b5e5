import { createSignal, createUniqueId, onMount, Show, type JSX } from 'solid-js';
import type { ApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from './icon.tsx';
import { MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARACTERS } from '../../app/auth/auth.limits.ts';

interface FieldProps {
  /** Name of the input in its form. */
  name: string;
  label: string;
  hint?: string;
  problem: ApiError | null;
  /** Whether to mark the input as invalid without an error of its own. */
  invalid?: boolean;
  value: string;
  onInput: (value: string) => void;
  /** The input's purpose for browsers and password managers. */
  autocomplete: 'username' | 'username webauthn' | 'current-password' | 'new-password' | 'off';
  /** Maximum length, in UTF-16 units. */
  maxlength: number;
  minlength?: number;
  required?: boolean;
  /** Whether to focus the input when it appears. */
  first?: boolean;
}

/** A labelled input with its hint and, below, its error. */
export function Field(props: FieldProps) {
  return <AnyField field={props} type="text" aside={null} />;
}

/** A password input with a show button. */
export function PasswordField(props: Omit<FieldProps, 'maxlength' | 'required'>) {
  const { t } = useI18n();
  const [shown, setShown] = createSignal(false);
  return (
    <AnyField
      field={props}
      type={shown() ? 'text' : 'password'}
      aside={
        <button
          type="button"
          class="button icon-only"
          aria-label={t(shown() ? 'account.hidePassword' : 'account.showPassword')}
          onClick={() => setShown((now) => !now)}
        >
          <Icon name={shown() ? 'eyeOff' : 'eye'} />
        </button>
      }
    />
  );
}

/** An input for a new password with the server's rule as its hint. */
export function NewPasswordField(props: Pick<FieldProps, 'label' | 'problem' | 'value' | 'onInput'>) {
  const { t } = useI18n();
  return (
    <PasswordField
      name="password"
      label={props.label}
      hint={t('account.password.hint')}
      problem={props.problem}
      autocomplete="new-password"
      minlength={MIN_PASSWORD_CHARACTERS}
      value={props.value}
      onInput={props.onInput}
    />
  );
}

interface AnyFieldProps {
  /**
   * Passed as one object: spreading it over the input would add a part of Solid that nothing else
   * here needs.
   */
  field: Omit<FieldProps, 'maxlength'> & { maxlength?: number };
  type: 'text' | 'password';
  aside: JSX.Element;
}

function AnyField(props: AnyFieldProps) {
  const { errorText } = useI18n();
  // Not the field's name: the sign-in dialog may open above a page with a field of that name.
  const id = createUniqueId();
  const field = () => props.field;
  let input!: HTMLInputElement;
  onMount(() => {
    if (field().first) input.focus();
  });
  /** The hint already states the rule that a value breaks. */
  const text = (problem: ApiError) =>
    (problem.code === 'invalid_field' && field().hint) || errorText(problem.code);

  return (
    <div class="field">
      <label for={id}>{field().label}</label>
      <div class="password">
        <input
          ref={input}
          id={id}
          name={field().name}
          type={props.type}
          autocomplete={field().autocomplete}
          autocapitalize={field().autocomplete.startsWith('username') ? 'none' : undefined}
          spellcheck={false}
          required={field().required ?? field().maxlength === undefined}
          minlength={field().minlength}
          maxlength={field().maxlength ?? MAX_PASSWORD_BYTES}
          value={field().value}
          onInput={(event) => field().onInput(event.currentTarget.value)}
          aria-invalid={field().invalid || field().problem !== null}
          aria-describedby={`${id}-problem ${id}-hint`}
        />
        {props.aside}
      </div>
      <Show when={field().problem?.code !== 'invalid_field' && field().hint}>
        {(hint) => (
          <p id={`${id}-hint`} class="faint">
            {hint()}
          </p>
        )}
      </Show>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        <Show when={field().problem}>{(problem) => <>{text(problem())}</>}</Show>
      </p>
    </div>
  );
}
