import { lazyComponent } from './ui/lazy.tsx';
import type { PublicUrl } from './public-urls.ts';

const JoinPage = lazyComponent(() => import('./invites/join-page.tsx').then((m) => m.JoinPage), 'page');
const ResetPage = lazyComponent(() => import('./auth/reset-page.tsx').then((m) => m.ResetPage), 'page');

/** Pages that visitors without a session open by a link. */
export function PublicPage(props: { address: PublicUrl }) {
  return props.address.page === 'join' ? (
    <JoinPage code={props.address.code} />
  ) : (
    <ResetPage code={props.address.code} />
  );
}
