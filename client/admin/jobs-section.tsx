import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { FailedItem, JobsState } from '../../app/admin/admin.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { failureKey } from '../i18n/failure.model.ts';
import { Dialog } from '../ui/dialog.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { Section } from '../ui/page.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { jobsQuery, retryProcessing } from './admin.queries.ts';
import { queueLabelKey } from './jobs.model.ts';

const COUNTS = ['ready', 'active', 'delayed', 'failed'] as const;

/** Shows the progress of background jobs and the items that failed. */
export function JobsSection() {
  const t = usePeopleDictionary();
  const jobs = useQuery(() => jobsQuery);
  return (
    <Section title={t('admin.jobs')}>
      <QueryBoundary query={jobs}>
        {(state) => (
          <>
            <Show
              when={busyQueues(state().queues).length > 0}
              fallback={<p class="faint">{t('admin.jobs.none')}</p>}
            >
              <Queues queues={busyQueues(state().queues)} />
            </Show>
            <Failed items={state().failed} />
            <EverythingAgain />
          </>
        )}
      </QueryBoundary>
    </Section>
  );
}

/** Queues with any job. A row of zeros says nothing. */
const busyQueues = (queues: JobsState['queues']) =>
  queues.filter((queue) => COUNTS.some((count) => queue[count] > 0));

function Queues(props: { queues: JobsState['queues'] }) {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const nameOf = (queue: string) => {
    const words = queueLabelKey(queue);
    return words ? t(words) : queue;
  };
  return (
    <div class="figures-frame" tabindex="0" role="group" aria-label={t('admin.jobs')}>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{t('admin.jobs.name')}</th>
            <For each={COUNTS}>{(count) => <th scope="col">{t(`admin.jobs.${count}`)}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={props.queues}>
            {(queue) => (
              <tr>
                <th scope="row">{nameOf(queue.name)}</th>
                <For each={COUNTS}>{(count) => <td>{i18n.number(queue[count])}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Failed(props: { items: readonly FailedItem[] }) {
  const t = usePeopleDictionary();
  const tMedia = useMediaDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const nameOf = (item: FailedItem) => item.title || item.originalName || t('admin.failed.untitled');
  return (
    <Show when={props.items.length > 0} fallback={<p class="faint">{t('admin.failed.none')}</p>}>
      <div class="row-actions">
        <h3>{t('admin.failed', { count: props.items.length })}</h3>
        <button
          type="button"
          class="button quiet"
          onClick={() => void retryProcessing(client, {}).catch(report)}
        >
          {t('admin.failed.retryAll')}
        </button>
      </div>
      <ul class="rows">
        <For each={props.items}>
          {(item) => (
            <li>
              <Show when={item.thumbUrl}>
                {(url) => <img class="row-picture" src={url()} alt="" loading="lazy" />}
              </Show>
              <div class="row-words">
                <a class="row-name" href={`/m/${item.id}`}>
                  {nameOf(item)}
                </a>
                <p>{tMedia(failureKey(item.failure))}</p>
                <p class="faint">{t('admin.failed.by', { name: item.owner })}</p>
              </div>
              <button
                type="button"
                class="button quiet"
                aria-label={t('admin.failed.retryNamed', { name: nameOf(item) })}
                onClick={() => void retryProcessing(client, { id: item.id }).catch(report)}
              >
                {t('admin.failed.retry')}
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

/**
 * Makes every thumbnail and text again, for example after a change of the pipeline. Asks for
 * confirmation, because it takes long.
 */
function EverythingAgain() {
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const toasts = useToasts();
  const id = createUniqueId();
  const [asking, setAsking] = createSignal(false);
  const start = async () => {
    setAsking(false);
    const count = await retryProcessing(client, { everything: true });
    toasts.show(t('admin.again.started', { count }));
  };
  return (
    <>
      <button type="button" class="button quiet" onClick={() => setAsking(true)}>
        {t('admin.again')}
      </button>
      <Show when={asking()}>
        <Dialog class="sheet" labelledBy={id} onClose={() => setAsking(false)}>
          <h2 id={id}>{t('admin.again.ask')}</h2>
          <p>{t('admin.again.text')}</p>
          <div class="row-actions">
            <button type="button" class="button primary" onClick={() => void start().catch(report)}>
              {t('admin.again.start')}
            </button>
            <button type="button" class="button quiet" onClick={() => setAsking(false)}>
              {t('admin.again.cancel')}
            </button>
          </div>
        </Dialog>
      </Show>
    </>
  );
}
