import { useQuery } from '../api/query-observer.ts';
import { For } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useWords } from '../i18n/people-dictionary.tsx';
import { Loaded } from '../ui/query-boundary.tsx';
import { Section } from '../ui/page.tsx';
import { usageQuery } from './admin.queries.ts';
import { byPerson, KINDS } from './usage.model.ts';

/** What the originals take, by person and kind. */
export function UsageSection() {
  const i18n = useI18n();
  const say = useWords();
  const usage = useQuery(() => usageQuery);
  return (
    <Section title={say('admin.storage')}>
      <Loaded query={usage}>
        {(report) => (
          <>
            <p>{say('admin.storage.lead', { count: report().items, size: i18n.bytes(report().bytes) })}</p>
            <div class="figures-frame" tabindex="0" role="group" aria-label={say('admin.storage')}>
              <table class="figures">
                <thead>
                  <tr>
                    <th scope="col">{say('admin.storage.who')}</th>
                    <For each={KINDS}>{(kind) => <th scope="col">{say(`admin.storage.${kind}`)}</th>}</For>
                    <th scope="col">{say('admin.storage.total')}</th>
                  </tr>
                </thead>
                <tbody>
                  <For each={byPerson(report())}>
                    {(person) => (
                      <tr>
                        <th scope="row">{person.username}</th>
                        <For each={KINDS}>{(kind) => <td>{i18n.bytes(person.bytes[kind])}</td>}</For>
                        <td>{i18n.bytes(person.total)}</td>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </div>
          </>
        )}
      </Loaded>
    </Section>
  );
}
