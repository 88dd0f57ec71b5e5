import { argon2 } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createTestApp, PASSWORD } from '../../support/servers/app.ts';

vi.mock(import('node:crypto'), async (original) => {
  const real = await original();
  return { ...real, argon2: vi.fn<typeof real.argon2>(real.argon2) };
});

/**
 * The parameters that decide the time of an Argon2 hash, which is most of the time of a sign-in.
 * See RFC 9106, 3.1.
 */
const costs = () =>
  vi.mocked(argon2).mock.calls.map(([algorithm, { memory, passes, parallelism, tagLength, nonce }]) => ({
    algorithm,
    memory,
    passes,
    parallelism,
    tagLength,
    saltBytes: Buffer.from(Object(nonce)).length,
  }));

it('does the same work to refuse an unknown, a disabled and a mistyped sign-in', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  await app.member(aino, 'Louhi');
  await app.deps.db
    .updateTable('users')
    .set({ disabled_at: new Date() })
    .where('username', '=', 'Louhi')
    .execute();

  // Calls the service, because the rate limits of the route would end this.
  const workFor = async (username: string, password: string) => {
    vi.mocked(argon2).mockClear();
    await expect(app.deps.accounts.login(username, password, '')).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    return costs();
  };
  // The first unknown name also makes the decoy.
  await workFor('Nobody', 'not the password');
  const mistyped = await workFor('Aino', 'not the password');
  expect(mistyped).toMatchObject([{ algorithm: 'argon2id', memory: 19 * 1024, passes: 2 }]);
  expect(await workFor('Nobody', 'not the password')).toEqual(mistyped);
  expect(await workFor('Louhi', PASSWORD)).toEqual(mistyped);
  expect(await workFor('Louhi', 'not the password')).toEqual(mistyped);
});
