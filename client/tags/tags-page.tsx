import { For, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { useQuery } from '../api/query-observer.ts';
import { libraryPath } from '../library/paths.ts';
import { BrowseDictionary, PeopleDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { Page, Section } from '../ui/page.tsx';
import { TagList } from './tag-list.tsx';
import { contributorsQuery } from './tags.queries.ts';
import './tags-page.css';

/** Maximum number of tags shown; typing finds the others. */
const MAX_TAGS_SHOWN = 200;

/** Lists all tags and users as links that filter the library. */
export function TagsPage() {
  return (
    <PeopleDictionary>
      <BrowseDictionary>
        <Content />
      </BrowseDictionary>
    </PeopleDictionary>
  );
}

function Content() {
  const t = useBrowseDictionary();
  const i18n = useI18n();
  const { user } = useSession();
  const people = useQuery(() => contributorsQuery);
  const personPath = (name: string) => libraryPath(`by:${/\s/.test(name) ? `"${name}"` : name}`);

  return (
    <Page title={t('tags.title')}>
      <Section title={t('tags.heading')}>
        <TagList limit={MAX_TAGS_SHOWN}>
          {(tags) => (
            <ul class="tag-cloud">
              <For each={tags()}>
                {(tag) => (
                  <li>
                    <a href={libraryPath(`tag:${tag.name}`)}>
                      #{tag.name} <span class="faint">{i18n.number(tag.uses)}</span>
                    </a>
                  </li>
                )}
              </For>
            </ul>
          )}
        </TagList>
        <Show when={user().role === 'admin'}>
          <a class="button quiet" href="/admin/tags">
            {t('tags.order')}
          </a>
        </Show>
      </Section>
      <Section title={t('tags.people')}>
        <QueryBoundary query={people}>
          {(found) => (
            <ul class="tag-cloud">
              <For each={found().people}>
                {(name) => (
                  <li>
                    <a href={personPath(name)}>@{name}</a>
                  </li>
                )}
              </For>
            </ul>
          )}
        </QueryBoundary>
      </Section>
    </Page>
  );
}
