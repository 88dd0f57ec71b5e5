import { useQueryClient } from '@tanstack/solid-query';
import { Match, Show, Switch } from 'solid-js';
import { meQuery } from '../auth/session.queries.ts';
import { useSession } from '../auth/session-gate.tsx';
import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Card } from '../ui/page.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { NewPasskey } from './new-passkey.tsx';
import { PasskeySignIn } from './passkey-sign-in.tsx';
import { canUsePasskeys } from './support.ts';
import '../auth/credentials.css';

/** The only page of an admin who lacks the passkey that the folder requires. */
export function PasskeyPage() {
  return (
    <PeopleDictionary>
      <Content />
    </PeopleDictionary>
  );
}

function Content() {
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const { user, signOut } = useSession();
  const adds = () => user().needsPasskey !== 'use';
  const isOffered = canUsePasskeys(client.getQueryData(meQuery.queryKey)?.passkeyHost);

  return (
    <Card
      title={t(adds() ? 'passkeys.need.add' : 'passkeys.need.use')}
      lead={t(adds() ? 'passkeys.need.add.lead' : 'passkeys.need.use.lead')}
    >
      <Show when={isOffered} fallback={<p>{t('passkeys.need.unsupported')}</p>}>
        <Switch>
          <Match when={adds()}>
            <NewPasskey />
          </Match>
          <Match when={!adds()}>
            <PasskeySignIn suggests={false} />
          </Match>
        </Switch>
      </Show>
      <p class="credentials-forgot">
        <button type="button" class="button quiet" onClick={() => void signOut().catch(report)}>
          {t('account.signOut')}
        </button>
      </p>
    </Card>
  );
}
