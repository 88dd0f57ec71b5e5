import { newPassword, username, type User } from '../auth/auth.schema.ts';
import { addAccount, findAccount, setPassword } from '../auth/operator.service.ts';
import { parseField } from '../http/validate.ts';
import type { Person, PersonPatch } from '../users/users.schema.ts';
import { createUsers } from '../users/users.service.ts';
import { defineCommand, type Answer } from './command.ts';
import { table } from './table.ts';
import type { CommandContext } from './context.ts';

const SECRET =
  'The password is asked for, or read as the first line of standard input. At least 10 characters.';

const create = defineCommand({
  name: 'user create',
  usage: 'NAME [--admin]',
  summary: 'Make an account, without an invite',
  help: `  --admin   make an admin; the first account is one in any case\n\n${SECRET}`,
  options: { admin: { type: 'boolean', default: false } },
  arguments: ['a name'],
  async run({ values, args, context, terminal }) {
    const name = parseField('username', username, args[0]);
    const password = parseField('password', newPassword, await terminal.newSecret('Password'));
    const made = await addAccount(context.db, { username: name, password, admin: values.admin });
    return { data: made, text: `Made the ${made.role} ${made.username}.` };
  },
});

const list = defineCommand({
  name: 'user list',
  usage: '',
  summary: 'Everybody who has an account',
  help: '',
  options: {},
  async run({ context }) {
    const people = await createUsers(context.db).list();
    const row = (one: Person) => [
      one.username,
      one.role,
      one.disabledAt ? 'disabled' : '',
      one.lastSeenAt ?? 'never',
      one.createdAt,
    ];
    const head = ['NAME', 'ROLE', 'STATE', 'LAST SEEN', 'JOINED'];
    return { data: people, text: table([head, ...people.map(row)]) };
  },
});

const passwordOf = defineCommand({
  name: 'user set-password',
  usage: 'NAME',
  summary: 'Set somebody’s password and sign them out everywhere',
  help: SECRET,
  options: {},
  arguments: ['a name'],
  async run({ args: [name = ''], context, terminal }) {
    // Check the name before the user types a secret in vain.
    await findAccount(context.db, name);
    const password = parseField('password', newPassword, await terminal.newSecret('New password'));
    const account = await setPassword(context.db, name, password);
    return {
      data: account,
      text: `${account.username} has a new password and is signed out everywhere.`,
    };
  },
});

const change = (verb: string, summary: string, patch: PersonPatch, done: (who: User) => string) =>
  defineCommand({
    name: `user ${verb}`,
    usage: 'NAME',
    summary,
    help: '',
    options: {},
    arguments: ['a name'],
    run: ({ args: [name = ''], context }) => update(context, name, patch, done),
  });

async function update(
  { db }: CommandContext,
  name: string,
  patch: PersonPatch,
  done: (who: User) => string,
): Promise<Answer> {
  const person = await createUsers(db).update((await findAccount(db, name)).id, patch, null);
  return { data: person, text: done(person) };
}

export const userCommands = [
  create,
  list,
  change('disable', 'Keep somebody out, at once', { disabled: true }, (who) => `${who.username} is out.`),
  change(
    'enable',
    'Let somebody in again',
    { disabled: false },
    (who) => `${who.username} may sign in again.`,
  ),
  passwordOf,
  change('promote', 'Make somebody an admin', { role: 'admin' }, (who) => `${who.username} is an admin.`),
  change('demote', 'Make an admin a member', { role: 'member' }, (who) => `${who.username} is a member.`),
];
