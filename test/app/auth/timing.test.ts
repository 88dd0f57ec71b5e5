import { expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../../support/servers/app.ts';

const ROUNDS = 15;
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

it('refuses an unknown, a disabled and a mistyped sign-in in the same time', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  await app.member(aino, 'Louhi');
  await app.deps.db
    .updateTable('users')
    .set({ disabled_at: new Date() })
    .where('username', '=', 'Louhi')
    .execute();

  // Calls the service, because the rate limits of the route would end this.
  const refuse = async (username: string, password: string) => {
    const started = performance.now();
    await expect(app.deps.accounts.login(username, password, '')).rejects.toThrow(/wrong/);
    return performance.now() - started;
  };
  const cases: [string, string, number[]][] = [
    ['Aino', 'not the password', []],
    ['Nobody', 'not the password', []],
    ['Louhi', PASSWORD, []],
  ];
  await refuse('Nobody', 'the first one makes the decoy');
  // The cases alternate, so that other work on this machine slows all of them equally.
  for (let round = 0; round < ROUNDS; round++)
    for (const [username, password, times] of cases) times.push(await refuse(username, password));

  const medians = cases.map(([, , times]) => median(times));
  // Without the decoy an unknown name answers some 20 times faster.
  expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(2);
});
