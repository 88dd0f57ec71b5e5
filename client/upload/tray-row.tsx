import { Match, onCleanup, Show, Switch } from 'solid-js';
import { formatBytes } from '../i18n/format-bytes.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useUploadDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { canEditMetadata, canRetry, isActive, type Upload } from './upload.model.ts';
import { useUploads } from './uploads.context.ts';

/** One file of the tray: a preview, its status and its actions. */
export function TrayRow(props: { upload: Upload; place: { at: number; of: number }; onEdit: () => void }) {
  const t = useUploadDictionary();
  const report = useErrorReport();
  const model = useUploads();
  const name = () => props.upload.name;
  const status = () => props.upload.status();
  const sent = () => {
    const now = status();
    // The size of a file at an address may be unknown.
    if (now.is === 'sending')
      return props.upload.size() > 0 ? Math.min(1, now.sent / props.upload.size()) : null;
    return now.is === 'finishing' ? 1 : null;
  };
  const shownId = () => {
    const now = status();
    if (now.is === 'done') return now.item.id;
    return now.is === 'duplicate' && !now.inTrash ? now.id : null;
  };
  const inTrash = () => {
    const now = status();
    return now.is === 'duplicate' && now.inTrash;
  };

  return (
    <li
      class="tray-row"
      data-status={status().is}
      aria-posinset={props.place.at}
      aria-setsize={props.place.of}
    >
      <Preview file={props.upload.file} />
      <div class="tray-what">
        <p class="tray-name">{props.upload.metadata().title || name()}</p>
        <p class="tray-status">
          <StatusText upload={props.upload} />
          <Show when={props.upload.looksLike() && canEditMetadata(props.upload)}>
            {' · '}
            <span class="tray-alike">{t('tray.alike')}</span>
          </Show>
        </p>
        <Show when={sent() !== null}>
          <progress
            class="tray-bar"
            max="1"
            value={sent() ?? 0}
            aria-label={t('upload.progress', { name: name() })}
          />
        </Show>
      </div>
      <Show when={canEditMetadata(props.upload)}>
        <button
          type="button"
          class="button icon-only tray-edit"
          aria-label={t('tray.note', { name: name() })}
          onClick={() => props.onEdit()}
        >
          <Icon name="edit" />
        </button>
      </Show>
      <Show when={inTrash()}>
        <button
          type="button"
          class="button"
          aria-label={t('tray.restoreNamed', { name: name() })}
          onClick={() => void model.restore(props.upload.id).catch(report)}
        >
          {t('tray.restore')}
        </button>
      </Show>
      <Show when={shownId()}>
        {(id) => (
          <a
            class="button icon-only"
            href={`/m/${id()}`}
            noScroll={true}
            state='{"fromFolder":true}'
            aria-label={t('upload.show', { name: name() })}
          >
            <Icon name="right" />
          </a>
        )}
      </Show>
      <Show when={canRetry(props.upload)}>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('upload.retry', { name: name() })}
          onClick={() => model.retry(props.upload.id)}
        >
          <Icon name="retry" />
        </button>
      </Show>
      <Show when={isActive(props.upload)}>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('upload.cancel', { name: name() })}
          onClick={() => model.cancel(props.upload.id)}
        >
          <Icon name="close" />
        </button>
      </Show>
    </li>
  );
}

function StatusText(props: { upload: Upload }) {
  const i18n = useI18n();
  const t = useUploadDictionary();
  const status = () => props.upload.status();
  const failure = () => {
    const now = status();
    return now.is === 'failed' ? now.error.code : null;
  };
  const total = () => props.upload.size();
  const shown = (size: number) => formatBytes(i18n.language(), size);
  const bytes = () => {
    const now = status();
    return now.is === 'sending' ? Math.min(now.sent, total() || now.sent) : null;
  };
  const plain = () => {
    const now = status();
    if (now.is === 'failed' || now.is === 'sending') return '';
    if (now.is === 'duplicate' && now.inTrash) return t('tray.inTrash');
    if (now.is === 'waiting') return t(now.why === 'session' ? 'upload.waitingSession' : 'upload.waiting');
    return t(`upload.${now.is}`);
  };
  return (
    <Switch fallback={plain()}>
      <Match when={props.upload.metadataError()}>
        {(problem) => (
          <span class="tray-problem">
            {t('tray.note.failed', { reason: i18n.errorText(problem().code) })}
          </span>
        )}
      </Match>
      <Match when={failure()}>{(code) => <>{i18n.errorText(code())}</>}</Match>
      <Match when={bytes() !== null}>
        {total() > 0
          ? t('upload.sending', { sent: shown(bytes() ?? 0), total: shown(total()) })
          : shown(bytes() ?? 0)}
      </Match>
    </Switch>
  );
}

/** Maximum size for a preview, in bytes; decoding larger images for a thumbnail costs too much. */
const MAX_PREVIEW_BYTES = 20_000_000;

function Preview(props: { file: File | null }) {
  const url =
    props.file?.type.startsWith('image/') && props.file.size <= MAX_PREVIEW_BYTES
      ? URL.createObjectURL(props.file)
      : null;
  onCleanup(() => url && URL.revokeObjectURL(url));
  return (
    <span class="tray-preview">
      <Icon name="picture" />
      <Show when={url}>
        {(address) => (
          <img
            src={address()}
            alt=""
            loading="lazy"
            decoding="async"
            onError={(event) => event.currentTarget.remove()}
          />
        )}
      </Show>
    </span>
  );
}
