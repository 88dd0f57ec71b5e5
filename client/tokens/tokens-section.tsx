import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { MadeToken, TokenItem } from '../../app/tokens/tokens.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { CopyLinkField } from '../ui/copy-link-field.tsx';
import { Section } from '../ui/page.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { NewToken } from './new-token.tsx';
import { revokeToken, tokensQuery } from './tokens.queries.ts';

/** Makes API tokens for programs, shows a new one once, and lists those there are. */
export function TokensSection() {
  const t = usePeopleDictionary();
  const tokens = useQuery(() => tokensQuery);
  const [made, setMade] = createSignal<MadeToken | null>(null);

  return (
    <Section title={t('tokens.title')}>
      <p>{t('tokens.lead')}</p>
      <p>
        <a href="/api/docs" rel="external">
          {t('tokens.docs')}
        </a>
      </p>
      <NewToken onMade={setMade} />
      <Show when={made()} keyed>
        {({ token, item, sharex }) => (
          <>
            <CopyLinkField
              label={t('tokens.made', { name: item.name })}
              link={token}
              note={t('tokens.made.once')}
              texts={{ copy: t('tokens.copy'), copied: t('tokens.copied') }}
            />
            <Show when={sharex}>
              {(text) => (
                <a
                  class="button quiet"
                  download="meemikansio.sxcu"
                  href={`data:application/json;charset=utf-8,${encodeURIComponent(text())}`}
                >
                  {t('tokens.sharex')}
                </a>
              )}
            </Show>
          </>
        )}
      </Show>
      <QueryBoundary query={tokens}>
        {(list) => (
          <ul class="rows">
            <For each={list().items} fallback={<li class="faint">{t('tokens.none')}</li>}>
              {(token) => (
                <Token
                  token={token}
                  // A revoked token is of no use to copy.
                  onRevoked={() => setMade((now) => (now?.item.id === token.id ? null : now))}
                />
              )}
            </For>
          </ul>
        )}
      </QueryBoundary>
    </Section>
  );
}

function Token(props: { token: TokenItem; onRevoked: () => void }) {
  const i18n = useI18n();
  const t = usePeopleDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const scopes = () => props.token.scopes.map((scope) => t(`tokens.scope.${scope}`)).join(' · ');
  const use = () => {
    const { lastUsedAt, lastAddress } = props.token;
    if (lastUsedAt === null) return t('tokens.unused');
    return t('tokens.used', { age: i18n.age(lastUsedAt), address: lastAddress ?? '' });
  };
  const end = () => {
    const { expired, expiresAt } = props.token;
    if (expiresAt === null) return t('tokens.endless');
    const date = i18n.date(expiresAt);
    return expired ? t('tokens.expired', { date }) : t('tokens.until', { date });
  };
  const revoke = async () => {
    await revokeToken(client, props.token.id);
    props.onRevoked();
  };

  return (
    <li>
      <div class="row-words">
        <span class="row-name">{props.token.name}</span>
        <p class="faint">{scopes()}</p>
        <p class="faint">
          {use()} · {end()}
        </p>
      </div>
      <button
        type="button"
        class="button quiet"
        aria-label={t('tokens.revokeNamed', { name: props.token.name })}
        onClick={() => void revoke().catch(report)}
      >
        {t('tokens.revoke')}
      </button>
    </li>
  );
}
