import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { createSignal, For, Show } from 'solid-js';
import type { CreatedInvite, InviteItem } from '../../app/invites/invites.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useWords } from '../i18n/people-dictionary.tsx';
import { Field } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Handover } from '../ui/copy-link-field.tsx';
import { Loaded } from '../ui/query-boundary.tsx';
import { useReport } from '../ui/report-error.ts';
import { createInvite, invitesQuery, revokeInvite } from './invites.queries.ts';
import '../auth/credentials.css';

/** How long invitations can be good for, in days; 7 is the server's own default. */
const DAYS = [1, 7, 30] as const;

/** Makes invitations and shows those that were made. */
export function Invites() {
  const say = useWords();
  const invites = useQuery(() => invitesQuery);
  return (
    <Loaded query={invites}>
      {(list) => (
        <>
          <Show when={list().mayInvite} fallback={<p>{say('invites.closed')}</p>}>
            <p>{say('invites.lead')}</p>
            <NewInvite />
          </Show>
          <ul class="rows">
            <For each={list().items} fallback={<li class="faint">{say('invites.none')}</li>}>
              {(invite) => <Invite invite={invite} />}
            </For>
          </ul>
        </>
      )}
    </Loaded>
  );
}

function NewInvite() {
  const i18n = useI18n();
  const say = useWords();
  const client = useQueryClient();
  const [note, setNote] = createSignal('');
  const [days, setDays] = createSignal(7);
  const [created, setCreated] = createSignal<CreatedInvite | null>(null);
  const form = createForm(['note'], async () => {
    setCreated(await createInvite(client, { note: note(), expiresInDays: days() }));
    setNote('');
  });

  return (
    <>
      <Form form={form} submit={say('invites.create')}>
        <Field
          name="note"
          label={say('invites.note')}
          problem={form.problem('note')}
          maxlength={100}
          autocomplete="off"
          value={note()}
          onInput={setNote}
        />
        <div class="field">
          <label for="days">{say('invites.days')}</label>
          <select
            id="days"
            class="select"
            value={days()}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          >
            <For each={DAYS}>
              {(count) => <option value={count}>{say('invites.days.count', { count })}</option>}
            </For>
          </select>
        </div>
      </Form>
      <Show when={created()} keyed>
        {(invite) => (
          <Handover
            label={say('invites.link')}
            link={invite.link}
            note={say('invites.link.until', { date: i18n.date(invite.expiresAt) })}
          />
        )}
      </Show>
    </>
  );
}

function Invite(props: { invite: InviteItem }) {
  const i18n = useI18n();
  const say = useWords();
  const client = useQueryClient();
  const report = useReport();
  const name = () => props.invite.note || say('invites.noNote');
  const state = () => {
    const { state, expiresAt, usedAt, usedBy } = props.invite;
    if (state === 'used')
      return say('invites.used', { name: usedBy ?? '', date: i18n.date(usedAt ?? expiresAt) });
    if (state === 'revoked') return say('invites.revoked');
    const date = i18n.date(expiresAt);
    return state === 'open' ? say('invites.open', { date }) : say('invites.expired', { date });
  };
  const maker = () => {
    const { createdBy } = props.invite;
    return createdBy === null ? say('invites.byOperator') : say('invites.by', { name: createdBy });
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
          aria-label={say('invites.revokeNamed', { note: name() })}
          onClick={() => void revokeInvite(client, props.invite.id).catch(report)}
        >
          {say('invites.revoke')}
        </button>
      </Show>
    </li>
  );
}
