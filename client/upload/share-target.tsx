import { useLocation, useNavigate } from '@solidjs/router';
import { onMount } from 'solid-js';
import { libraryPath } from '../library/paths.ts';
import { UploadDictionary, useUploadDictionary } from '../i18n/dictionaries.tsx';
import { SHARED_PARAM } from '../pwa/caches.ts';
import { deleteFromInbox, readInbox } from '../pwa/share-inbox.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { metadataFromShare, ownItemPath } from './share-target.model.ts';
import { hasOpenFetches } from './open-fetches.ts';
import type { FileToUpload } from './upload.model.ts';

interface Props {
  onFiles: (files: FileToUpload[]) => void;
  /** Called when fetches were under way as the page was left. */
  onResume: () => void;
}

/**
 * Uploads files shared to the app, including those that arrived while signed out. It shows a toast
 * on failure. Uploads by address go on after a reload.
 */
export function ShareTarget(props: Props) {
  // This part is loaded late, which is soon enough.
  onMount(() => hasOpenFetches() && props.onResume());
  return (
    <UploadDictionary>
      <Inbox onFiles={(files) => props.onFiles(files)} />
    </UploadDictionary>
  );
}

function Inbox(props: Pick<Props, 'onFiles'>) {
  const t = useUploadDictionary();
  const toasts = useToasts();
  const report = useErrorReport();
  const navigate = useNavigate();
  const { query, pathname } = useLocation();

  const take = async () => {
    const { files, words } = await readInbox();
    props.onFiles(
      files.map((kept) => ({
        file: kept.file,
        metadata: metadataFromShare(kept),
        onSettled: () => void deleteFromInbox(kept.key).catch(report),
      })),
    );
    if (!words || files.length > 0) return;
    const own = ownItemPath(words, location.origin);
    if (own !== null) {
      navigate(own);
      return;
    }
    const search = words.title || words.text || words.url;
    toasts.show(t('share.words'), {
      ...(search && {
        action: { label: t('share.search'), run: () => navigate(libraryPath(search.slice(0, 200))) },
      }),
    });
  };

  onMount(() => {
    const outcome = query[SHARED_PARAM];
    if (outcome === 'missed' || outcome === 'refused' || outcome === 'full')
      toasts.show(t(`share.${outcome}`), { tone: 'problem' });
    // Restores the library's URL, so that a reload does not repeat the message.
    if (outcome !== undefined) navigate(pathname, { replace: true, scroll: false });
    if ('caches' in globalThis) take().catch(report);
  });

  return null;
}
