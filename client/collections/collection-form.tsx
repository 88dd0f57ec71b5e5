import { createSignal, createUniqueId, For } from 'solid-js';
import type { Collection, CollectionSort } from '../../app/collections/collections.schema.ts';
import {
  MAX_COLLECTION_DESCRIPTION_UNITS,
  MAX_COLLECTION_NAME_CODE_POINTS,
} from '../../app/collections/collections.limits.ts';
import { useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';

const SORTS: readonly CollectionSort[] = ['hand', 'newest', 'oldest'];

interface CollectionFormProps {
  title: string;
  /** The collection to change; none for a new one. */
  collection?: Collection;
  onSave: (values: { name: string; description: string; sort: CollectionSort }) => Promise<void>;
  onClose: () => void;
}

/** The dialog with the name, the description and the order of a collection. */
export function CollectionForm(props: CollectionFormProps) {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const id = createUniqueId();
  const [name, setName] = createSignal(props.collection?.name ?? '');
  const [description, setDescription] = createSignal(props.collection?.description ?? '');
  const [sort, setSort] = createSignal<CollectionSort>(props.collection?.sort ?? 'hand');
  const form = createForm(['name', 'description'], async () => {
    await props.onSave({ name: name(), description: description(), sort: sort() });
    props.onClose();
  });

  return (
    <Dialog class="sheet collect-dialog" labelledBy={`${id}-title`} onClose={() => props.onClose()}>
      <h2 id={`${id}-title`}>{props.title}</h2>
      <Form form={form} submit={i18n.t('app.save')} class="collection-form">
        <Field
          name="name"
          label={t('collections.name')}
          hint={t('collections.nameHint')}
          problem={form.problem('name')}
          value={name()}
          onInput={setName}
          autocomplete="off"
          maxlength={2 * MAX_COLLECTION_NAME_CODE_POINTS}
          required
          first
        />
        <div class="field">
          <label for={`${id}-description`}>{t('collections.description')}</label>
          <textarea
            id={`${id}-description`}
            rows="3"
            maxlength={MAX_COLLECTION_DESCRIPTION_UNITS}
            value={description()}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </div>
        <fieldset class="choice">
          <legend>{t('collections.sort')}</legend>
          <div class="choice-options">
            <For each={SORTS}>
              {(one) => (
                <label>
                  <input type="radio" name="sort" checked={sort() === one} onChange={() => setSort(one)} />
                  {t(`collections.sort.${one}`)}
                </label>
              )}
            </For>
          </div>
        </fieldset>
      </Form>
    </Dialog>
  );
}
