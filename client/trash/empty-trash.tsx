import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { TrashDictionary, useTrashDictionary } from '../i18n/dictionaries.tsx';
import { emptyTrash } from '../library/purge.ts';
import { Icon } from '../ui/icon.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** The button above the trash that deletes everything in it for good, after a question. */
export function EmptyTrash() {
  return (
    <TrashDictionary>
      <EmptyTrashButton />
    </TrashDictionary>
  );
}

function EmptyTrashButton() {
  const t = useTrashDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const { user } = useSession();
  const [asking, setAsking] = createSignal(false);
  const [ofAll, setOfAll] = createSignal(false);
  const [left, setLeft] = createSignal(0);

  const empty = async () => {
    const count = await emptyTrash(client, ofAll() ? 'all' : 'mine', setLeft);
    setAsking(false);
    toasts.show(t('purge.done', { count }));
  };

  return (
    <>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          setOfAll(false);
          setLeft(0);
          setAsking(true);
        }}
      >
        <Icon name="trash" />
        {t('empty.action')}
      </button>
      <Show when={asking()}>
        <ConfirmDialog
          title={t('empty.title')}
          text={t('empty.text')}
          confirm={t('empty.confirm')}
          onConfirm={empty}
          onClose={() => setAsking(false)}
        >
          <Show when={user().role === 'admin'}>
            <label class="confirm-dialog-choice">
              <input
                type="checkbox"
                checked={ofAll()}
                onChange={(event) => setOfAll(event.currentTarget.checked)}
              />
              {t('empty.others')}
            </label>
          </Show>
          <p role="status">
            <Show when={left() > 0}>{t('empty.rest', { count: left() })}</Show>
          </p>
        </ConfirmDialog>
      </Show>
    </>
  );
}
