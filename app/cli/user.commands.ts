import { newPassword, username, type User } from '../auth/auth.schema.ts';
import { addAccount, findAccount, resetPasskeys, setPassword } from '../auth/operator.service.ts';
import { parseField } from '../http/validate.ts';
import type { UserDetails, UserPatch } from '../users/users.schema.ts';
import { createUsers } from '../users/users.service.ts';
import { defineCommand, type Answer } from './command.ts';
import { table } from './table.ts';
import type { CommandContext } from './context.ts';

const SECRET =
  'The command prompts for the password, or reads it as the first line of standard input.\nIt needs at least 10 characters.';

const create = defineCommand({
  name: 'user create',
  usage: 'NAME [--admin]',
  summary: 'Create an account without an invite',
  help: `  --admin   create an admin; the first account always is one\n\n${SECRET}`,
  options: { admin: { type: 'boolean', default: false } },
  arguments: ['a name'],
  async run({ values, args, context, terminal }) {
    const name = parseField('username', username, args[0]);
    const password = parseField('password', newPassword, await terminal.newSecret('Password'));
    const made = await addAccount(context.db, { username: name, password, admin: values.admin });
    return { data: made, text: `Created the ${made.role} ${made.username}.` };
  },
});

const list = defineCommand({
  name: 'user list',
  usage: '',
  summary: 'List all accounts',
  help: '',
  options: {},
  async run({ context }) {
    const people = await createUsers(context.db).list();
    const row = (one: UserDetails) => [
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
  summary: 'Set a user’s password and end all of their sessions',
  help: `${SECRET}\nAPI tokens and passkeys end, too. With REQUIRE_ADMIN_PASSKEY=on, an admin keeps the passkeys.`,
  options: {},
  arguments: ['a name'],
  async run({ args: [name = ''], context, terminal }) {
    // Check the name before the user types a secret in vain.
    await findAccount(context.db, name);
    const password = parseField('password', newPassword, await terminal.newSecret('New password'));
    const account = await setPassword(context.db, name, password, context.config.auth.requireAdminPasskey);
    return {
      data: account,
      text: `${account.username} has a new password and was signed out everywhere.`,
    };
  },
});

const passkeysOf = defineCommand({
  name: 'user passkeys reset',
  usage: 'NAME',
  summary: 'Remove a user’s passkeys and end all of their sessions',
  help: `For an admin who lost the passkey that REQUIRE_ADMIN_PASSKEY=on requires: the next sign-in by
password can add another one. API tokens end, too.`,
  options: {},
  arguments: ['a name'],
  async run({ args: [name = ''], context }) {
    const { user, removed } = await resetPasskeys(context.db, name);
    const count = removed === 1 ? '1 passkey' : `${removed} passkeys`;
    return {
      data: { ...user, removed },
      text: `${user.username} lost ${count} and was signed out everywhere.`,
    };
  },
});

const change = (verb: string, summary: string, patch: UserPatch, done: (who: User) => string) =>
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
  patch: UserPatch,
  done: (who: User) => string,
): Promise<Answer> {
  const person = await createUsers(db).update((await findAccount(db, name)).id, patch, null);
  return { data: person, text: done(person) };
}

export const userCommands = [
  create,
  list,
  change(
    'disable',
    'Disable an account and end its sessions',
    { disabled: true },
    (who) => `${who.username} was signed out and disabled.`,
  ),
  change(
    'enable',
    'Enable a disabled account',
    { disabled: false },
    (who) => `${who.username} may sign in again.`,
  ),
  passwordOf,
  passkeysOf,
  change('promote', 'Make a user an admin', { role: 'admin' }, (who) => `${who.username} is an admin.`),
  change('demote', 'Make an admin a member', { role: 'member' }, (who) => `${who.username} is a member.`),
];
