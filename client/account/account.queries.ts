import type { CloseRequest } from '../../app/account/account.schema.ts';
import { api, succeed } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { clearPrivateCaches } from '../pwa/caches.ts';

/** Address of the archive with everything of the user, which the browser saves. */
export const ARCHIVE_URL = '/api/account/archive';

/** Closes the user's account, which ends every session. The caller must reload the page. */
export async function closeAccount(json: CloseRequest): Promise<void> {
  await succeed(api.account.close.$post({ json }));
  postToTabs({ is: 'left' });
  await clearPrivateCaches();
}
