import { useQueryClient } from '@tanstack/solid-query';
import { onCleanup, onMount, Show } from 'solid-js';
import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { endCeremony } from './ceremonies.ts';
import { createPasskeySignIn } from './passkey-sign-in.model.ts';

/**
 * A button that signs in by a passkey.
 *
 * @param props.suggests whether the page has a username input, which suggests passkeys as well
 */
export function PasskeySignIn(props: { suggests: boolean }) {
  return (
    <PeopleDictionary>
      <SignIn suggests={props.suggests} />
    </PeopleDictionary>
  );
}

function SignIn(props: { suggests: boolean }) {
  const { errorText } = useI18n();
  const t = usePeopleDictionary();
  const signIn = createPasskeySignIn(useQueryClient());
  /** The dialog of a press has ended the suggestions. */
  const press = async () => {
    await signIn.press();
    if (props.suggests && signIn.problem()) await signIn.suggest();
  };
  onMount(() => {
    if (!props.suggests) return;
    void signIn.suggest();
    const onFocus = () => void signIn.renew();
    window.addEventListener('focus', onFocus);
    onCleanup(() => window.removeEventListener('focus', onFocus));
  });
  onCleanup(() => void endCeremony().catch(console.warn)); // the library did not load: nothing runs

  return (
    <div class="passkey-sign-in">
      <button type="button" class="button quiet" disabled={signIn.busy()} onClick={() => void press()}>
        {t('passkeys.use')}
      </button>
      <p class="field-problem" role="alert">
        <Show when={signIn.problem()}>{(problem) => <>{errorText(problem().code)}</>}</Show>
      </p>
    </div>
  );
}
