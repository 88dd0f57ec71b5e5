import { Show } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { meQuery } from '../auth/session.queries.ts';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Section } from '../ui/page.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { bookmarkletAddress } from './bookmarklet.ts';

/** A link to drag to the bookmarks of the browser, and its address to copy. */
export function BookmarkletSection() {
  const t = usePeopleDictionary();
  const toasts = useToasts();
  const report = useErrorReport();
  const me = useQuery(() => meQuery);
  const address = bookmarkletAddress(location.origin);
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    toasts.show(t('bookmarklet.copied'));
  };
  const explain = (event: MouseEvent) => {
    // On this page it has nothing to save, and the policy of the page forbids its script.
    event.preventDefault();
    toasts.show(t('bookmarklet.click'));
  };

  return (
    <Show when={!me.data?.fetchOff}>
      <Section title={t('bookmarklet.title')}>
        <p>{t('bookmarklet.lead')}</p>
        <p class="row-actions">
          <a class="button primary" href={address} onClick={explain}>
            {t('bookmarklet.link')}
          </a>
          <button type="button" class="button quiet" onClick={() => void copy().catch(report)}>
            {t('bookmarklet.copy')}
          </button>
        </p>
      </Section>
    </Show>
  );
}
