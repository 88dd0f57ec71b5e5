import { parseField } from '../http/validate.ts';
import { INVITE_DAYS } from '../invites/invites.limits.ts';
import { newInvite } from '../invites/invites.schema.ts';
import { createInvites } from '../invites/invites.service.ts';
import { defineCommand } from './command.ts';

const create = defineCommand({
  name: 'invite create',
  usage: '[--note TEXT] [--days N]',
  summary: 'Create an invite link for one person',
  help: `  --note TEXT   a note about the invited person
  --days N      how long it is good for, ${INVITE_DAYS} unless said otherwise, at most 90

The link is shown once only. Its address is that of PUBLIC_URL.`,
  options: { note: { type: 'string', default: '' }, days: { type: 'string', default: String(INVITE_DAYS) } },
  async run({ values, context }) {
    const wanted = { note: values.note, expiresInDays: Number(values.days) };
    const invite = await createInvites(context.db).create(null, parseField('invite', newInvite, wanted));
    const link = context.pageLink(`/join/${invite.code}`);
    return { data: { ...invite, link }, text: `${link}\nValid until ${invite.expiresAt}, for one person.` };
  },
});

export const inviteCommands = [create];
