import { Match, Show, Switch } from 'solid-js';
import { BrowseWords, useBrowseWords } from '../i18n/browse-dictionary.tsx';
import { FolderFace } from '../ui/logo.tsx';
import { FilePicker } from '../upload/file-picker.tsx';
import { wordsOf } from '../search/filter-chips.model.ts';
import { hasWord, TRASH } from '../library/query-filters.ts';
import { folderPath } from '../library/paths.ts';

/** A list with nothing in it, by what it was asked for, and a way on. */
export function Empty(props: { q: string }) {
  return (
    <BrowseWords>
      <Notice q={props.q} />
    </BrowseWords>
  );
}

function Notice(props: { q: string }) {
  const say = useBrowseWords();
  const words = () => wordsOf(props.q);
  const kind = () => {
    if (props.q === '') return 'folder';
    if (hasWord(props.q, TRASH)) return 'trash';
    if (words() === '') return 'filtered';
    return words() === props.q ? 'words' : 'both';
  };
  const asleep = () => kind() === 'folder' || kind() === 'trash';
  return (
    <div class="notice">
      <FolderFace mood={asleep() ? 'asleep' : 'puzzled'} />
      <h2>{say(`empty.${kind()}`, { query: props.q })}</h2>
      <p>{say(`empty.${kind()}.hint`)}</p>
      <Switch>
        <Match when={kind() === 'folder'}>
          <FilePicker label={say('empty.choose')} />
        </Match>
        <Match when={kind() !== 'folder'}>
          <Show when={kind() === 'both'}>
            <a class="button quiet" href={folderPath(words())}>
              {say('empty.withoutFilters', { query: words() })}
            </a>
          </Show>
          <a class="button primary" href="/">
            {say('empty.showAll')}
          </a>
        </Match>
      </Switch>
    </div>
  );
}
