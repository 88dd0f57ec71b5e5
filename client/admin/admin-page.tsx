import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { For, onMount, Show, type JSX } from 'solid-js';
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
import { ADMIN_TABS, tabFromPath, type AdminTab } from './admin-tabs.model.ts';
import './admin-page.css';

const SCREENS = {
  people: UsersSection,
  invitations: InvitationsSection,
  shares: () => <SharesSection scope="all" />,
  tags: TagsSection,
  storage: UsageSection,
  jobs: JobsSection,
} satisfies Record<AdminTab, () => JSX.Element>;

/** Administration: one screen a subject, each with its own address below `/admin`. */
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
  const t = usePeopleDictionary();
  const { user } = useSession();
  const params = useParams<{ tab?: string }>();
  const tab = () => tabFromPath(params.tab, location.hash);
  return (
    <Show when={user().role === 'admin'} fallback={<Refused code="not_allowed" />}>
      <Show when={tab()} fallback={<Refused code="not_found" />}>
        {(shown) => (
          <Page title={t('admin.title')} part={t(`admin.tab.${shown()}`)}>
            <Tabs shown={shown()} />
            <Show when={shown()} keyed>
              {(name) => SCREENS[name]()}
            </Show>
          </Page>
        )}
      </Show>
    </Show>
  );
}

function Refused(props: { code: 'not_allowed' | 'not_found' }) {
  const { t } = useI18n();
  const tPeople = usePeopleDictionary();
  return (
    <main>
      <ErrorNotice
        page
        title={tPeople('admin.title')}
        error={new ApiError(props.code)}
        action={t('app.toFolder')}
        onAction={() => location.assign('/')}
      />
    </main>
  );
}

/** Links to the screens. On a narrow display the row scrolls, and shows the current one. */
function Tabs(props: { shown: AdminTab }) {
  const t = usePeopleDictionary();
  let row!: HTMLElement;
  onMount(() => {
    const current = row.querySelector<HTMLElement>('[aria-current]');
    if (current) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  });
  return (
    <nav ref={row} class="admin-tabs" aria-label={t('admin.title')}>
      <For each={ADMIN_TABS}>
        {(tab) => (
          <a
            class="admin-tab"
            href={`/admin/${tab}`}
            aria-current={tab === props.shown ? 'page' : undefined}
            onFocus={(event) => event.currentTarget.scrollIntoView({ block: 'nearest', inline: 'nearest' })}
          >
            {t(`admin.tab.${tab}`)}
          </a>
        )}
      </For>
    </nav>
  );
}

function InvitationsSection() {
  const t = usePeopleDictionary();
  return (
    <Section title={t('invites.title')}>
      <MembersInvite />
      <Invites />
    </Section>
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
