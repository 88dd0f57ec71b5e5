import { Problem } from '../problem.ts';
import { SETUP_CODE_FILE } from '../setup-code.ts';
import { hasAccounts, SITE } from '../site.ts';
import type { Step, World } from '../step.ts';

/** Words for the refusals of the app that a person can do something about. */
const REFUSALS: Readonly<Record<string, string>> = {
  setup_code_wrong: "The setup code is wrong: give that of the log of the container's start as SETUP_CODE.",
  registration_closed: 'Somebody has the first account already: run this again.',
  password_too_short: 'The password is too short: give a longer one.',
  password_too_long: 'The password is too long: give a shorter one.',
  password_common: 'The password is one that everybody tries first: give another.',
};

async function register(on: World): Promise<void> {
  const kept = on.answers.given('SETUP_CODE') ?? on.files.read(SETUP_CODE_FILE)?.trim();
  const setupCode = kept || (await on.answers.get('SETUP_CODE'));
  on.hide(setupCode);
  const username = await on.answers.get('ADMIN_NAME');
  const password = await on.answers.get('ADMIN_PASSWORD');
  const response = await on.fetch(`${SITE}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: SITE },
    body: JSON.stringify({ username, password, setupCode }),
  });
  if (response.ok) return;
  const body: unknown = await response.json().catch(() => null);
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
  throw new Problem(
    REFUSALS[code] ??
      `The site refuses the account (${code || response.status}): make it at ${SITE}, with the setup code.`,
  );
}

/** The first account, the administrator. */
export const admin: Step = {
  title: 'First account',
  async plan(on) {
    const [there, code] = [await hasAccounts(on), on.files.read(SETUP_CODE_FILE)];
    const forget = {
      say: `Remove ${SETUP_CODE_FILE}: the code is worth nothing now.`,
      do: async () => on.files.remove(SETUP_CODE_FILE),
    };
    if (there) return code === null ? [] : [forget];
    const make = {
      say: `Create the first account of ${SITE}, the administrator, with the setup code.`,
      do: () => register(on),
    };
    return code === null ? [make] : [make, forget];
  },
};
