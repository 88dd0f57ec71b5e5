import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { ApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { PeopleWords, useWords } from '../i18n/people-dictionary.tsx';
import { Invites } from '../invites/invites-section.tsx';
import { Loaded } from '../ui/query-boundary.tsx';
import { TagsSection } from '../tags/tags-section.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/error-notice.tsx';
import { useReport } from '../ui/report-error.ts';
import { settingsQuery, updateSettings } from './admin.queries.ts';
import { JobsSection } from './jobs-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { UsageSection } from './usage-section.tsx';

/** For those who look after the folder: people, invitations, storage, background work. */
export function AdminPage() {
  return (
    <PeopleWords>
      <Guarded />
    </PeopleWords>
  );
}

function Guarded() {
  const { t } = useI18n();
  const say = useWords();
  const { user } = useSession();
  return (
    <Show
      when={user().role === 'admin'}
      fallback={
        <main>
          <Problem
            page
            title={say('admin.title')}
            error={new ApiError('not_allowed')}
            action={t('app.toFolder')}
            onAction={() => location.assign('/')}
          />
        </main>
      }
    >
      <Page title={say('admin.title')}>
        <PeopleSection />
        <Section title={say('invites.title')}>
          <MembersInvite />
          <Invites />
        </Section>
        <TagsSection />
        <UsageSection />
        <JobsSection />
      </Page>
    </Show>
  );
}

function MembersInvite() {
  const say = useWords();
  const client = useQueryClient();
  const report = useReport();
  const settings = useQuery(() => settingsQuery);
  return (
    <Loaded query={settings}>
      {(now) => (
        <label class="switch">
          <input
            type="checkbox"
            checked={now().membersMayInvite}
            onChange={(event) =>
              void updateSettings(client, { membersMayInvite: event.currentTarget.checked }).catch(report)
            }
          />
          {say('admin.membersInvite')}
        </label>
      )}
    </Loaded>
  );
}
