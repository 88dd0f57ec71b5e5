import { createUniqueId, For, Show } from 'solid-js';
import { useSharingDictionary } from '../i18n/dictionaries.tsx';
import type { ShareChoice } from './shares.queries.ts';

const LIFETIMES = ['never', 'day', 'week', 'month'] as const;

interface ShareOptionsProps {
  value: ShareChoice;
  onChange: (value: ShareChoice) => void;
  /** Whether the user may end the file addresses of the items. */
  mayEndFileAddress: boolean;
}

/** The choices of a share: its lifetime, the sharer's name, and what else ends with it. */
export function ShareOptions(props: ShareOptionsProps) {
  const t = useSharingDictionary();
  const name = createUniqueId();
  return (
    <>
      <fieldset class="choice">
        <legend>{t('share.expires')}</legend>
        <div class="choice-options">
          <For each={LIFETIMES}>
            {(expires) => (
              <label>
                <input
                  type="radio"
                  name={name}
                  checked={props.value.expires === expires}
                  onChange={() => props.onChange({ ...props.value, expires })}
                />
                {t(`share.${expires}`)}
              </label>
            )}
          </For>
        </div>
      </fieldset>
      <Show when={props.mayEndFileAddress && props.value.expires !== 'never'}>
        <EndFileAddress
          label={t('share.endAddressThen')}
          checked={props.value.endFileAddress}
          onChange={(endFileAddress) => props.onChange({ ...props.value, endFileAddress })}
        />
      </Show>
      <label class="switch">
        <input
          type="checkbox"
          checked={props.value.showSharer}
          onChange={(event) => props.onChange({ ...props.value, showSharer: event.currentTarget.checked })}
        />
        {t('share.showSharer')}
      </label>
    </>
  );
}

/** The choice to end the file addresses, with what it means. */
export function EndFileAddress(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const t = useSharingDictionary();
  const hint = createUniqueId();
  return (
    <div>
      <label class="switch">
        <input
          type="checkbox"
          checked={props.checked}
          aria-describedby={hint}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        {props.label}
      </label>
      <p id={hint} class="faint">
        {t('share.endAddressHint')}
      </p>
    </div>
  );
}
