import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { restoreItem } from '../library/delete-item.ts';
import { TRASH_DAYS } from '../../app/media/media.limits.ts';
import './notices.css';

const TRASH_RETENTION_MS = TRASH_DAYS * 86_400_000;

const PurgeDialog = lazyComponent(
  () => import('../trash/purge-dialog.tsx').then((m) => m.PurgeDialog),
  'over',
);

/**
 * Banner on a deleted item. Users who may do so restore the item here, or delete it for good.
 *
 * @param props.onPurged called after the item is deleted for good
 */
export function TrashBanner(props: { item: MediaItem; mine: boolean; onPurged: () => void }) {
  const i18n = useI18n();
  const t = useMediaDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const [busy, setBusy] = createSignal(false);
  const [asking, setAsking] = createSignal(false);
  const goes = (deletedAt: string) =>
    i18n.date(new Date(Date.parse(deletedAt) + TRASH_RETENTION_MS).toISOString());
  const restore = async () => {
    setBusy(true);
    await restoreItem(client, props.item.id).catch(report);
    setBusy(false);
  };
  return (
    <Show when={props.item.deletedAt}>
      {(deletedAt) => (
        <div class="viewer-notice problem" role="status">
          <p>
            <Icon name="trash" />
            <strong>{t('trash.here')}</strong> {t('trash.until', { date: goes(deletedAt()) })}
          </p>
          <Show when={props.mine}>
            <button type="button" class="button primary" disabled={busy()} onClick={() => void restore()}>
              {t('trash.restore')}
            </button>
            <button type="button" class="button danger" onClick={() => setAsking(true)}>
              {t('trash.purge')}
            </button>
            <Show when={asking()}>
              <PurgeDialog
                ids={[props.item.id]}
                onPurged={() => props.onPurged()}
                onClose={() => setAsking(false)}
              />
            </Show>
          </Show>
        </div>
      )}
    </Show>
  );
}
