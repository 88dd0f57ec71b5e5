import { For, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { useQuery } from '../api/query-observer.ts';
import { folderPath } from '../library/paths.ts';
import { BrowseWords, useBrowseWords } from '../i18n/browse-dictionary.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { PeopleWords } from '../i18n/people-dictionary.tsx';
import { Loaded } from '../ui/query-boundary.tsx';
import { Page, Section } from '../ui/page.tsx';
import { TagList } from './tag-list.tsx';
import { peopleQuery } from './tags.queries.ts';
import './tags-page.css';

/** Most tags shown at once; the others are found by typing. */
const SHOWN = 200;

/** Everything the folder can be narrowed to by one press: its tags and its people. */
export function TagsPage() {
  return (
    <PeopleWords>
      <BrowseWords>
        <Content />
      </BrowseWords>
    </PeopleWords>
  );
}

function Content() {
  const say = useBrowseWords();
  const i18n = useI18n();
  const { user } = useSession();
  const people = useQuery(() => peopleQuery);
  const personPath = (name: string) => folderPath(`by:${/\s/.test(name) ? `"${name}"` : name}`);

  return (
    <Page title={say('tags.title')}>
      <Section title={say('tags.heading')}>
        <TagList limit={SHOWN}>
          {(tags) => (
            <ul class="tag-cloud">
              <For each={tags().filter(({ uses }) => uses > 0)}>
                {(tag) => (
                  <li>
                    <a href={folderPath(`tag:${tag.name}`)}>
                      #{tag.name} <span class="faint">{i18n.number(tag.uses)}</span>
                    </a>
                  </li>
                )}
              </For>
            </ul>
          )}
        </TagList>
        <Show when={user().role === 'admin'}>
          <a class="button quiet" href="/admin#tags">
            {say('tags.order')}
          </a>
        </Show>
      </Section>
      <Section title={say('tags.people')}>
        <Loaded query={people}>
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
        </Loaded>
      </Section>
    </Page>
  );
}
