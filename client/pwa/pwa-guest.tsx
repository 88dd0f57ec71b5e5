import { useLocation, useNavigate } from '@solidjs/router';
import { onMount } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useReport } from '../ui/report.ts';
import { useToasts } from '../ui/toasts.tsx';
import { useAddFiles } from '../upload/upload-provider.tsx';
import { registerWorker } from './pwa.ts';
import { sharedFiles } from './shared-files.ts';

/** What makes an app of the page: the service worker, word of a newer release, and files that other apps shared. */
export function PwaGuest() {
  const { t } = useI18n();
  const toasts = useToasts();
  const report = useReport();
  const addFiles = useAddFiles();
  const location = useLocation();
  const navigate = useNavigate();

  const onRelease = () =>
    toasts.show(t('app.newRelease'), {
      action: { label: t('app.reload'), run: () => window.location.reload() },
    });

  onMount(() => {
    registerWorker(onRelease);
    // Also those of a visit that ended before they were sent.
    sharedFiles().then(addFiles, report);
    const { shared, ...rest } = location.query;
    if (shared === undefined) return;
    if (shared !== '')
      toasts.show(t(shared === 'nothing' ? 'share.nothing' : 'share.again'), { tone: 'problem' });
    const query = new URLSearchParams(
      Object.entries(rest).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one])),
    );
    navigate(`${location.pathname}${query.size > 0 ? `?${query}` : ''}`, { replace: true, scroll: false });
  });
  return null;
}
