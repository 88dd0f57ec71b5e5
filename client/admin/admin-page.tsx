import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { ApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { MediaDictionary, PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Invites } from '../invites/invites-section.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { SharesSection } from '../shares/shares-section.tsx';
import { TagsSection } from '../tags/tags-section.tsx';
import { Page, Section } from '../ui/page.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { settingsQuery, updateSettings } from './admin.queries.ts';
import { JobsSection } from './jobs-section.tsx';
import { UsersSection } from './users-section.tsx';
import { UsageSection } from './usage-section.tsx';

/** Administration page: users, invitations, share links, tags, storage and background jobs. */
export function AdminPage() {
  return (
    <PeopleDictionary>
      <MediaDictionary>
        <Guarded />
      </MediaDictionary>
    </PeopleDictionary>
  );
}

function Guarded() {
  const { t } = useI18n();
  const tPeople = usePeopleDictionary();
  const { user } = useSession();
  return (
    <Show
      when={user().role === 'admin'}
      fallback={
        <main>
          <ErrorNotice
            page
            title={tPeople('admin.title')}
            error={new ApiError('not_allowed')}
            action={t('app.toFolder')}
            onAction={() => location.assign('/')}
          />
        </main>
      }
    >
      <Page title={tPeople('admin.title')}>
        <UsersSection />
        <Section title={tPeople('invites.title')}>
          <MembersInvite />
          <Invites />
        </Section>
        <SharesSection scope="all" />
        <TagsSection />
        <UsageSection />
        <JobsSection />
      </Page>
    </Show>
  );
}

function MembersInvite() {
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const settings = useQuery(() => settingsQuery);
  return (
    <QueryBoundary query={settings}>
      {(now) => (
        <label class="switch">
          <input
            type="checkbox"
            checked={now().membersMayInvite}
            onChange={(event) =>
              void updateSettings(client, { membersMayInvite: event.currentTarget.checked }).catch(report)
            }
          />
          {t('admin.membersInvite')}
        </label>
      )}
    </QueryBoundary>
  );
}
