import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { For, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useWords } from '../i18n/people-dictionary.tsx';
import { Loaded } from '../ui/query-boundary.tsx';
import { Section } from '../ui/page.tsx';
import { useReport } from '../ui/report-error.ts';
import { endAllSessions, endSession, sessionsQuery } from './account-settings.queries.ts';
import { deviceOf } from './user-agent.ts';

/** Where one is signed in, with the way out of each or of all. */
export function SessionsSection() {
  const i18n = useI18n();
  const say = useWords();
  const client = useQueryClient();
  const report = useReport();
  const sessions = useQuery(() => sessionsQuery);
  const device = (userAgent: string) => {
    const known = deviceOf(userAgent);
    return known ? say('device.on', known) : say('device.unknown');
  };
  const endAll = () => endAllSessions().then(() => location.assign('/'));

  return (
    <Section title={say('account.sessions')}>
      <Loaded query={sessions}>
        {(list) => (
          <ul class="rows">
            <For each={list().items}>
              {(session) => (
                <li>
                  <div class="row-words">
                    <span class="row-name">{device(session.userAgent)}</span>
                    <Show when={session.current}>
                      <span class="row-badge good">{say('account.sessions.this')}</span>
                    </Show>
                    <p class="faint">{say('account.sessions.used', { age: i18n.age(session.lastSeenAt) })}</p>
                  </div>
                  <Show when={!session.current}>
                    <button
                      type="button"
                      class="button quiet"
                      aria-label={say('account.sessions.endNamed', { device: device(session.userAgent) })}
                      onClick={() => void endSession(client, session.id).catch(report)}
                    >
                      {say('account.sessions.end')}
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
      <button type="button" class="button danger" onClick={() => void endAll().catch(report)}>
        {say('account.sessions.all')}
      </button>
    </Section>
  );
}
