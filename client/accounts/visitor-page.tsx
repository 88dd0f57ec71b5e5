import { lazy } from 'solid-js';
import type { VisitorAddress } from './visitor-address.ts';

const JoinPage = lazy(() => import('../invites/join-page.tsx').then((m) => ({ default: m.JoinPage })));
const ResetPage = lazy(() => import('./reset-page.tsx').then((m) => ({ default: m.ResetPage })));

/** The pages that someone who is not signed in comes to by a link. */
export function VisitorPage(props: { address: VisitorAddress }) {
  return props.address.page === 'join' ? (
    <JoinPage code={props.address.code} />
  ) : (
    <ResetPage code={props.address.code} />
  );
}
