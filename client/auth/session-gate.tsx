import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import {
  createContext,
  createEffect,
  createSignal,
  Match,
  onCleanup,
  Show,
  Switch,
  untrack,
  useContext,
  type ParentProps,
} from 'solid-js';
import { onServerBack } from '../api/server-status.ts';
import { onTabMessage } from '../api/broadcast.ts';
import type { SignedInUser } from '../../app/auth/auth.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { clearUserData, signOut, markSignedOut, meQuery, setCurrentUser } from './session.queries.ts';

/** Loads the sign-in page. */
export const loadSignInPage = () => import('./sign-in-page.tsx');

const SignInPage = lazyComponent(() => loadSignInPage().then((m) => m.SignInPage), 'page');
const SignInDialog = lazyComponent(() => loadSignInPage().then((m) => m.SignInDialog), 'over');
const PasskeyPage = lazyComponent(() => loadSignInPage().then((m) => m.PasskeyPage), 'page');

const SessionContext = createContext<{ user: () => SignedInUser; signOut: () => Promise<void> }>();

/**
 * Shows its children to signed-in users and the sign-in page to everyone else. The address stays,
 * so that signing in leads to the requested page. If the session ends while the page is open, the
 * page stays and a sign-in dialog opens. A user who lacks a required passkey only gets to one.
 */
export function SessionGate(props: ParentProps) {
  const { t } = useI18n();
  const client = useQueryClient();
  const me = useQuery(() => meQuery);
  const [user, setUser] = createSignal<SignedInUser | null>(null);

  /** The person whose folder this browser has kept, shown while the server does not answer. */
  let kept: SignedInUser | null = null;

  createEffect(() => {
    const now = me.isPending ? undefined : me.data?.user;
    if (now === undefined) return;
    const before = untrack(user);
    // Nothing that one person typed or sends may go on as another.
    if (before && now ? before.id !== now.id : kept) {
      location.reload();
      return;
    }
    kept = null;
    if (!now) return;
    setCurrentUser(client, now);
    setUser(now);
  });
  createEffect(() => {
    const reason = me.failureReason;
    if (!reason || user()) return;
    import('../library/offline-folder.ts')
      .then(({ restoreFolder }) => restoreFolder(client, reason))
      .then((found) => found && !me.data && setUser((kept = found)))
      .catch(console.warn); // blocked storage: the page tells that there is no connection
  });

  /** Ends the page before its data goes. A page without a session asks to sign in again. */
  const forget = () => {
    setUser(null);
    return clearUserData(client);
  };
  const leave = async () => {
    await signOut();
    await forget();
  };

  // Retries the session lookup when the server answers again.
  onCleanup(onServerBack(() => me.isError && void me.refetch()));

  // Follows a sign-out in another tab. During uploads the page stays and shows the sign-in dialog.
  onCleanup(
    onTabMessage((news) => {
      if (news.is === 'entered' && user()?.id !== news.userId) location.reload();
      else if (news.is === 'entered') void client.invalidateQueries(meQuery);
      else if (news.is === 'left' && user()) {
        if (document.documentElement.hasAttribute('data-sending')) markSignedOut(client);
        else void forget();
      }
    }),
  );

  return (
    <Switch>
      <Match when={user()}>
        {(current) => (
          <SessionContext.Provider value={{ user: current, signOut: leave }}>
            <Show when={current().needsPasskey} fallback={props.children}>
              <PasskeyPage />
            </Show>
            <Show when={me.data?.user === null}>
              <SignInDialog />
            </Show>
          </SessionContext.Provider>
        )}
      </Match>
      <Match when={me.isPending}>{null}</Match>
      <Match when={me.isError}>
        <main>
          <ErrorNotice
            page
            title={t('browse.failed')}
            error={me.error}
            action={t('app.retry')}
            onAction={() => void me.refetch()}
          />
        </main>
      </Match>
      <Match when={me.data?.user === null}>
        <SignInPage first={me.data?.firstAccount ?? false} />
      </Match>
    </Switch>
  );
}

/** Returns the current user and the sign-out function. Throws outside `SessionGate`. */
export function useSession() {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside SessionGate');
  return session;
}
