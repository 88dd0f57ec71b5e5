import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { MAX_PASSKEY_NAME_UNITS } from '../../app/passkeys/passkeys.limits.ts';
import type { PasskeyItem } from '../../app/passkeys/passkeys.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { meQuery } from '../auth/session.queries.ts';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Field } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/page.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { NewPasskey } from './new-passkey.tsx';
import { passkeysQuery, removePasskey, renamePasskey } from './passkeys.queries.ts';
import { canUsePasskeys } from './support.ts';

/** Adds passkeys and lists those there are; nothing where the browser offers none. */
export function PasskeysSection() {
  const me = useQuery(() => meQuery);
  return (
    <Show when={canUsePasskeys(me.data?.passkeyHost)}>
      <Passkeys />
    </Show>
  );
}

function Passkeys() {
  const t = usePeopleDictionary();
  const passkeys = useQuery(() => passkeysQuery);
  return (
    <Section title={t('passkeys.title')}>
      <p>{t('passkeys.lead')}</p>
      <NewPasskey />
      <QueryBoundary query={passkeys}>
        {(list) => (
          <ul class="rows">
            <For
              each={list().items.map(({ id }) => id)}
              fallback={<li class="faint">{t('passkeys.none')}</li>}
            >
              {(id) => {
                // A row stays when its passkey changes, and the focus with it.
                const passkey = createMemo<PasskeyItem | undefined>(
                  (before) => list().items.find((one) => one.id === id) ?? before,
                );
                return <Show when={passkey()}>{(item) => <Row passkey={item()} />}</Show>;
              }}
            </For>
          </ul>
        )}
      </QueryBoundary>
    </Section>
  );
}

function Row(props: { passkey: PasskeyItem }) {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const [renaming, setRenaming] = createSignal(false);
  let opener!: HTMLButtonElement;
  const use = () => {
    const { lastUsedAt } = props.passkey;
    return lastUsedAt === null ? t('tokens.unused') : t('passkeys.used', { age: i18n.age(lastUsedAt) });
  };
  const close = () => {
    setRenaming(false);
    opener.focus();
  };

  return (
    <li>
      <div class="row-words">
        <span class="row-name">{props.passkey.name}</span>
        <p class="faint">
          {t('passkeys.made', { date: i18n.date(props.passkey.createdAt) })} · {use()}
        </p>
        <Show when={props.passkey.clonedAt}>
          {(at) => <p class="field-problem">{t('passkeys.cloned', { age: i18n.age(at()) })}</p>}
        </Show>
      </div>
      <div class="row-actions">
        <button
          ref={opener}
          type="button"
          class="button quiet"
          aria-expanded={renaming()}
          aria-label={t('passkeys.renameNamed', { name: props.passkey.name })}
          onClick={() => setRenaming((now) => !now)}
        >
          {t('passkeys.rename')}
        </button>
        <button
          type="button"
          class="button quiet"
          aria-label={t('passkeys.removeNamed', { name: props.passkey.name })}
          onClick={() => void removePasskey(client, props.passkey.id).catch(report)}
        >
          {t('passkeys.remove')}
        </button>
      </div>
      <Show when={renaming()}>
        <Rename passkey={props.passkey} onClose={close} />
      </Show>
    </li>
  );
}

function Rename(props: { passkey: PasskeyItem; onClose: () => void }) {
  const { t: tCommon } = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const [name, setName] = createSignal(props.passkey.name);
  const form = createForm(['name'], async () => {
    await renamePasskey(client, props.passkey.id, name());
    props.onClose();
  });

  return (
    <Form form={form} submit={tCommon('app.save')} class="credentials row-form">
      <Field
        name="name"
        label={t('passkeys.newName')}
        problem={form.problem('name')}
        maxlength={MAX_PASSKEY_NAME_UNITS}
        required
        first
        autocomplete="off"
        value={name()}
        onInput={setName}
      />
    </Form>
  );
}
