import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { createSignal, For, Show } from 'solid-js';
import type { CreatedInvite, InviteItem } from '../../app/invites/invites.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Field } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { CopyLinkField } from '../ui/copy-link-field.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { createInvite, invitesQuery, revokeInvite } from './invites.queries.ts';
import '../auth/credentials.css';
import { INVITE_DAYS, MAX_INVITE_NOTE_UNITS } from '../../app/invites/invites.limits.ts';

/** Choices for an invitation's lifetime, in days. */
const DAYS = [1, INVITE_DAYS, 30] as const;

/** Creates invitations and lists the existing ones. */
export function Invites() {
  const t = usePeopleDictionary();
  const invites = useQuery(() => invitesQuery);
  return (
    <QueryBoundary query={invites}>
      {(list) => (
        <>
          <Show when={list().mayInvite} fallback={<p>{t('invites.closed')}</p>}>
            <p>{t('invites.lead')}</p>
            <NewInvite />
          </Show>
          <ul class="rows">
            <For each={list().items} fallback={<li class="faint">{t('invites.none')}</li>}>
              {(invite) => <Invite invite={invite} />}
            </For>
          </ul>
        </>
      )}
    </QueryBoundary>
  );
}

function NewInvite() {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const [note, setNote] = createSignal('');
  const [days, setDays] = createSignal<number>(INVITE_DAYS);
  const [created, setCreated] = createSignal<CreatedInvite | null>(null);
  const form = createForm(['note'], async () => {
    setCreated(await createInvite(client, { note: note(), expiresInDays: days() }));
    setNote('');
  });

  return (
    <>
      <Form form={form} submit={t('invites.create')}>
        <Field
          name="note"
          label={t('invites.note')}
          problem={form.problem('note')}
          maxlength={MAX_INVITE_NOTE_UNITS}
          autocomplete="off"
          value={note()}
          onInput={setNote}
        />
        <div class="field">
          <label for="days">{t('invites.days')}</label>
          <select
            id="days"
            class="select"
            value={days()}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          >
            <For each={DAYS}>
              {(count) => <option value={count}>{t('invites.days.count', { count })}</option>}
            </For>
          </select>
        </div>
      </Form>
      <Show when={created()} keyed>
        {(invite) => (
          <CopyLinkField
            label={t('invites.link')}
            link={invite.link}
            note={t('invites.link.until', { date: i18n.date(invite.expiresAt) })}
          />
        )}
      </Show>
    </>
  );
}

function Invite(props: { invite: InviteItem }) {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const name = () => props.invite.note || t('invites.noNote');
  const state = () => {
    const { state, expiresAt, usedAt, usedBy } = props.invite;
    if (state === 'used')
      return t('invites.used', { name: usedBy ?? '', date: i18n.date(usedAt ?? expiresAt) });
    if (state === 'revoked') return t('invites.revoked');
    const date = i18n.date(expiresAt);
    return state === 'open' ? t('invites.open', { date }) : t('invites.expired', { date });
  };
  const maker = () => {
    const { createdBy } = props.invite;
    return createdBy === null ? t('invites.byOperator') : t('invites.by', { name: createdBy });
  };

  return (
    <li>
      <div class="row-words">
        <span class="row-name">{name()}</span>
        <p class="faint">
          {state()} · {maker()}
        </p>
      </div>
      <Show when={props.invite.state === 'open'}>
        <button
          type="button"
          class="button quiet"
          aria-label={t('invites.revokeNamed', { note: name() })}
          onClick={() => void revokeInvite(client, props.invite.id).catch(report)}
        >
          {t('invites.revoke')}
        </button>
      </Show>
    </li>
  );
}
