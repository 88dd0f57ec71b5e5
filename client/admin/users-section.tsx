import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { createSignal, For, Show } from 'solid-js';
import type { UserDetails, UserPatch, ResetLink } from '../../app/users/users.schema.ts';
import { useSession } from '../auth/session-gate.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { CopyLinkField } from '../ui/copy-link-field.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { Section } from '../ui/page.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { usersQuery, resetPassword, updateUser } from './admin.queries.ts';

/** Lists all users with the actions an admin has on each. */
export function UsersSection() {
  const t = usePeopleDictionary();
  const people = useQuery(() => usersQuery);
  return (
    <Section title={t('admin.people')}>
      <QueryBoundary query={people}>
        {(list) => (
          <ul class="rows">
            <For each={list().items}>{(details) => <UserRow details={details} />}</For>
          </ul>
        )}
      </QueryBoundary>
    </Section>
  );
}

function UserRow(props: { details: UserDetails }) {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const toasts = useToasts();
  const { user } = useSession();
  const [link, setLink] = createSignal<ResetLink | null>(null);
  const name = () => props.details.username;
  const disabled = () => props.details.disabledAt !== null;
  const update = (patch: UserPatch) => updateUser(client, props.details.id, patch).catch(report);
  const disable = async () => {
    await updateUser(client, props.details.id, { disabled: true });
    toasts.show(t('admin.people.disabledNow', { name: name() }));
  };
  const reset = async () => setLink(await resetPassword(props.details.id));

  return (
    <li>
      <div class="row-words">
        <span class="row-name">{name()}</span>
        <span class="row-badge" classList={{ good: props.details.role === 'admin' }}>
          {t(`admin.people.${props.details.role}`)}
        </span>
        <Show when={disabled()}>
          <span class="row-badge bad">{t('admin.people.disabled')}</span>
        </Show>
        <Show when={props.details.id === user().id}>
          <span class="row-badge">{t('admin.people.you')}</span>
        </Show>
        <p class="faint">
          <Show when={props.details.lastSeenAt} fallback={t('admin.people.neverSeen')}>
            {(time) => t('admin.people.seen', { age: i18n.age(time()) })}
          </Show>
        </p>
      </div>
      <div class="row-actions" role="group" aria-label={t('admin.people.actions', { name: name() })}>
        <Show
          when={disabled()}
          fallback={
            <>
              <button
                type="button"
                class="button quiet"
                onClick={() => void update({ role: props.details.role === 'admin' ? 'member' : 'admin' })}
              >
                {t(props.details.role === 'admin' ? 'admin.people.demote' : 'admin.people.promote')}
              </button>
              <button type="button" class="button quiet" onClick={() => void reset().catch(report)}>
                {t('admin.people.reset')}
              </button>
              <button type="button" class="button danger" onClick={() => void disable().catch(report)}>
                {t('admin.people.disable')}
              </button>
            </>
          }
        >
          <button type="button" class="button quiet" onClick={() => void update({ disabled: false })}>
            {t('admin.people.enable')}
          </button>
        </Show>
      </div>
      <Show when={link()} keyed>
        {(reset) => (
          <CopyLinkField
            label={t('admin.reset.link', { name: name() })}
            link={reset.link}
            note={t('admin.reset.until', { date: i18n.moment(reset.expiresAt) })}
          />
        )}
      </Show>
    </li>
  );
}
