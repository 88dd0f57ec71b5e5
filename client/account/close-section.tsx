import { createSignal, For, Show } from 'solid-js';
import type { ItemsOfClosed } from '../../app/account/account.schema.ts';
import { UsernameForManagers } from '../auth/password-section.tsx';
import { useSession } from '../auth/session-gate.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { ConfirmDialog } from '../trash/confirm-dialog.tsx';
import { PasswordField } from '../ui/field.tsx';
import { Section } from '../ui/page.tsx';
import { ARCHIVE_URL, closeAccount } from './account.queries.ts';

const CHOICES: readonly ItemsOfClosed[] = ['trash', 'admin'];

/** Saves everything of the user, and closes the account after a question. */
export function CloseSection() {
  const t = usePeopleDictionary();
  const [asking, setAsking] = createSignal(false);

  return (
    <Section title={t('close.title')}>
      <p>{t('close.archive.hint')}</p>
      <a class="button quiet" href={ARCHIVE_URL} download="">
        {t('close.archive')}
      </a>
      <p>{t('close.lead')}</p>
      <button type="button" class="button danger" onClick={() => setAsking(true)}>
        {t('close.open')}
      </button>
      <Show when={asking()}>
        <CloseDialog onClose={() => setAsking(false)} />
      </Show>
    </Section>
  );
}

function CloseDialog(props: { onClose: () => void }) {
  const t = usePeopleDictionary();
  const { user } = useSession();
  const [items, setItems] = createSignal<ItemsOfClosed>('admin');
  const [password, setPassword] = createSignal('');
  const close = async () => {
    await closeAccount({ currentPassword: password(), items: items() });
    location.assign('/');
  };

  return (
    <ConfirmDialog
      title={t('close.sure')}
      text={t('close.text')}
      confirm={t('close.confirm')}
      onConfirm={close}
      onClose={() => props.onClose()}
    >
      <fieldset class="choice">
        <legend>{t('close.items')}</legend>
        <div class="choice-options">
          <For each={CHOICES}>
            {(one) => (
              <label>
                <input type="radio" name="items" checked={items() === one} onChange={() => setItems(one)} />
                {t(`close.items.${one}`)}
              </label>
            )}
          </For>
        </div>
      </fieldset>
      <UsernameForManagers username={user().username} />
      <PasswordField
        name="currentPassword"
        label={t('tokens.password')}
        problem={null}
        autocomplete="current-password"
        value={password()}
        onInput={setPassword}
      />
    </ConfirmDialog>
  );
}
