import { Show, type ParentProps } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import type { createForm } from './form.model.ts';

interface FormProps<Name extends string> {
  form: ReturnType<typeof createForm<Name>>;
  submit: string;
  class?: string;
}

/**
 * A form around its fields, with a submit button and the form's error. It focuses the invalid
 * field.
 */
export function Form<Name extends string>(props: ParentProps<FormProps<Name>>) {
  const { errorText } = useI18n();
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const element = event.currentTarget;
    const wrong = await props.form.submit();
    if (wrong === null) return;
    const input = element.elements.namedItem(wrong);
    if (input instanceof HTMLElement) input.focus();
  };

  return (
    <form class={props.class ?? 'credentials'} onSubmit={submit}>
      {props.children}
      <p class="field-problem" role="alert">
        <Show when={props.form.problem(null)}>{(problem) => <>{errorText(problem().code)}</>}</Show>
      </p>
      <button type="submit" class="button primary" disabled={props.form.busy()}>
        {props.submit}
      </button>
    </form>
  );
}
