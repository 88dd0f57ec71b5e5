import { useQuery } from '../api/query-observer.ts';
import { For, Show } from 'solid-js';
import { formatBytes } from '../i18n/format-bytes.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { Section } from '../ui/page.tsx';
import { usageQuery } from './admin.queries.ts';
import { usageByUser, KINDS } from './usage.model.ts';

/** Figures of the folder, and storage used by originals by user and kind. */
export function UsageSection() {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const usage = useQuery(() => usageQuery);
  return (
    <Section title={t('admin.storage')}>
      <QueryBoundary query={usage}>
        {(report) => (
          <>
            <dl class="facts">
              <For each={report().figures}>
                {(figure) => (
                  <div>
                    <dt>{t(`admin.figure.${figure.name}`)}</dt>
                    <dd>
                      {figure.unit === 'bytes'
                        ? formatBytes(i18n.language(), figure.value)
                        : i18n.number(figure.value)}
                    </dd>
                  </div>
                )}
              </For>
              <div>
                <dt>{t('admin.backup')}</dt>
                <dd>
                  <Show when={report().backup.lastAt} fallback={t('admin.backup.none')}>
                    {(moment) => <time datetime={moment()}>{i18n.moment(moment())}</time>}
                  </Show>
                </dd>
              </div>
            </dl>
            <Show when={report().backup.problem}>
              {(problem) => <p class="faint">{t(`admin.backup.${problem()}`)}</p>}
            </Show>
            <Show when={report().rows.some(({ bytes }) => bytes > 0)}>
              <div class="figures-frame" tabindex="0" role="group" aria-label={t('admin.storage')}>
                <table class="figures">
                  <thead>
                    <tr>
                      <th scope="col">{t('admin.storage.who')}</th>
                      <For each={KINDS}>{(kind) => <th scope="col">{t(`admin.storage.${kind}`)}</th>}</For>
                      <th scope="col">{t('admin.storage.total')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={usageByUser(report().rows)}>
                      {(person) => (
                        <tr>
                          <th scope="row">{person.username}</th>
                          <For each={KINDS}>
                            {(kind) => <td>{formatBytes(i18n.language(), person.bytes[kind])}</td>}
                          </For>
                          <td>{formatBytes(i18n.language(), person.total)}</td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          </>
        )}
      </QueryBoundary>
    </Section>
  );
}
