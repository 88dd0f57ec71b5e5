import { late } from './ui/lazy.tsx';
import type { VisitorAddress } from './public-urls.ts';

const JoinPage = late(() => import('./invites/join-page.tsx').then((m) => m.JoinPage), 'page');
const ResetPage = late(() => import('./auth/reset-page.tsx').then((m) => m.ResetPage), 'page');

/** The pages that someone who is not signed in comes to by a link. */
export function VisitorPage(props: { address: VisitorAddress }) {
  return props.address.page === 'join' ? (
    <JoinPage code={props.address.code} />
  ) : (
    <ResetPage code={props.address.code} />
  );
}
