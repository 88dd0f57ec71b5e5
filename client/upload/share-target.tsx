import { useLocation, useNavigate } from '@solidjs/router';
import { onMount } from 'solid-js';
import { folderPath } from '../library/paths.ts';
import { UploadWords, useUploadWords } from '../i18n/upload-dictionary.tsx';
import { SHARED } from '../pwa/caches.ts';
import { dropFromInbox, readInbox } from '../pwa/share-inbox.ts';
import { useReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { noteOf, ownItemPath } from './share-target.model.ts';
import type { Intake } from './upload.model.ts';

/** Sends what was shared to the app, also what came while nobody was signed in, and says so when it cannot. */
export function Shares(props: { onIntakes: (intakes: Intake[]) => void }) {
  return (
    <UploadWords>
      <Inbox onIntakes={props.onIntakes} />
    </UploadWords>
  );
}

function Inbox(props: { onIntakes: (intakes: Intake[]) => void }) {
  const say = useUploadWords();
  const toasts = useToasts();
  const report = useReport();
  const navigate = useNavigate();
  const { query, pathname } = useLocation();

  const take = async () => {
    const { files, words } = await readInbox();
    props.onIntakes(
      files.map((kept) => ({
        file: kept.file,
        note: noteOf(kept),
        onSettled: () => void dropFromInbox(kept.key).catch(report),
      })),
    );
    if (!words || files.length > 0) return;
    const own = ownItemPath(words, location.origin);
    if (own !== null) {
      navigate(own);
      return;
    }
    const search = words.title || words.text || words.url;
    toasts.show(say('share.words'), {
      ...(search && {
        action: { label: say('share.search'), run: () => navigate(folderPath(search.slice(0, 200))) },
      }),
    });
  };

  onMount(() => {
    const outcome = query[SHARED];
    if (outcome === 'missed' || outcome === 'refused' || outcome === 'full')
      toasts.show(say(`share.${outcome}`), { tone: 'problem' });
    // The address is that of the folder again: loading it anew says nothing twice.
    if (outcome !== undefined) navigate(pathname, { replace: true, scroll: false });
    if ('caches' in globalThis) take().catch(report);
  });

  return null;
}
