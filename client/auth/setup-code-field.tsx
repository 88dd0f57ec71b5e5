import type { ApiError } from '../api/errors.ts';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Field } from '../ui/field.tsx';

/** More than any code has: longer ones are cut off while they are typed. */
const MAX_CODE_UNITS = 200;

/** The input for the code that the first account of a site in production needs. */
export function SetupCodeField(props: {
  problem: ApiError | null;
  value: string;
  onInput: (value: string) => void;
}) {
  const t = usePeopleDictionary();
  return (
    <Field
      name="setupCode"
      label={t('setup.code')}
      hint={t('setup.code.hint')}
      problem={props.problem}
      autocomplete="off"
      required
      maxlength={MAX_CODE_UNITS}
      value={props.value}
      onInput={props.onInput}
    />
  );
}
