import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/observe.ts';
import { For, Show } from 'solid-js';
import type { FailedItem, JobsState } from '../../app/admin/admin.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useWords } from '../i18n/people-words.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Section } from '../ui/page.tsx';
import { useReport } from '../ui/report.ts';
import { jobsQuery, retryFailed } from './admin.queries.ts';

const COUNTS = ['ready', 'active', 'delayed', 'failed'] as const;

/** How far the background work is, and what of it failed. */
export function JobsSection() {
  const say = useWords();
  const jobs = useQuery(() => jobsQuery);
  return (
    <Section title={say('admin.jobs')}>
      <Loaded query={jobs}>
        {(state) => (
          <>
            <Queues queues={state().queues} />
            <Failed items={state().failed} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Queues(props: { queues: JobsState['queues'] }) {
  const i18n = useI18n();
  const say = useWords();
  return (
    <div class="figures-frame" tabindex="0" role="group" aria-label={say('admin.jobs')}>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{say('admin.jobs.name')}</th>
            <For each={COUNTS}>{(count) => <th scope="col">{say(`admin.jobs.${count}`)}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={props.queues}>
            {(queue) => (
              <tr>
                <th scope="row">{queue.name}</th>
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
  const say = useWords();
  const client = useQueryClient();
  const report = useReport();
  const nameOf = (item: FailedItem) => item.title || item.originalName || say('admin.failed.untitled');
  return (
    <Show when={props.items.length > 0} fallback={<p class="faint">{say('admin.failed.none')}</p>}>
      <div class="row-actions">
        <h3>{say('admin.failed', { count: props.items.length })}</h3>
        <button type="button" class="button quiet" onClick={() => void retryFailed(client).catch(report)}>
          {say('admin.failed.retryAll')}
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
                <p>{item.failure}</p>
                <p class="faint">{say('admin.failed.by', { name: item.owner })}</p>
              </div>
              <button
                type="button"
                class="button quiet"
                aria-label={say('admin.failed.retryNamed', { name: nameOf(item) })}
                onClick={() => void retryFailed(client, item.id).catch(report)}
              >
                {say('admin.failed.retry')}
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
