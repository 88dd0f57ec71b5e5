import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { For, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { Section } from '../ui/page.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { endAllSessions, endSession, sessionsQuery } from './account-settings.queries.ts';
import { parseUserAgent } from './user-agent.ts';

/** Lists the user's sessions with buttons that end one or all of them. */
export function SessionsSection() {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const sessions = useQuery(() => sessionsQuery);
  const device = (userAgent: string) => {
    const known = parseUserAgent(userAgent);
    return known ? t('device.on', known) : t('device.unknown');
  };
  const endAll = () => endAllSessions().then(() => location.assign('/'));

  return (
    <Section title={t('account.sessions')}>
      <QueryBoundary query={sessions}>
        {(list) => (
          <ul class="rows">
            <For each={list().items}>
              {(session) => (
                <li>
                  <div class="row-words">
                    <span class="row-name">{device(session.userAgent)}</span>
                    <Show when={session.current}>
                      <span class="row-badge good">{t('account.sessions.this')}</span>
                    </Show>
                    <p class="faint">{t('account.sessions.used', { age: i18n.age(session.lastSeenAt) })}</p>
                  </div>
                  <Show when={!session.current}>
                    <button
                      type="button"
                      class="button quiet"
                      aria-label={t('account.sessions.endNamed', { device: device(session.userAgent) })}
                      onClick={() => void endSession(client, session.id).catch(report)}
                    >
                      {t('account.sessions.end')}
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </QueryBoundary>
      <button type="button" class="button danger" onClick={() => void endAll().catch(report)}>
        {t('account.sessions.all')}
      </button>
    </Section>
  );
}
