import { hasAccounts } from '../site.ts';
import type { Check } from '../step.ts';

/** Name and password of the first account: nobody waits two hours to be asked for them. */
export const account: Check = {
  title: 'First account',
  async run(on) {
    if (await hasAccounts(on)) return 'the site has accounts already';
    const name = await on.answers.get('ADMIN_NAME');
    await on.answers.get('ADMIN_PASSWORD');
    return name;
  },
};
