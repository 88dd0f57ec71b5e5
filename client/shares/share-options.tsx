import { createUniqueId, For } from 'solid-js';
import { useSharingDictionary } from '../i18n/dictionaries.tsx';
import type { ShareChoice } from './shares.queries.ts';

const LIFETIMES = ['never', 'day', 'week', 'month'] as const;

/** The choices of a share: how long it works, and whether it names the one who shares. */
export function ShareOptions(props: { value: ShareChoice; onChange: (value: ShareChoice) => void }) {
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
