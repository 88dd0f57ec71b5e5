import { For } from 'solid-js';
import { BrowseWords, useBrowseWords } from '../i18n/browse-dictionary.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { KEYS } from './shortcut-list.ts';
import './shortcuts-dialog.css';

/** What the keyboard can do. */
export function KeysSheet(props: { onClose: () => void }) {
  return (
    <BrowseWords>
      <Sheet onClose={() => props.onClose()} />
    </BrowseWords>
  );
}

function Sheet(props: { onClose: () => void }) {
  const { t } = useI18n();
  const say = useBrowseWords();
  return (
    <Dialog class="sheet" labelledBy="keys-heading" onClose={() => props.onClose()}>
      <header class="sheet-head">
        <h2 id="keys-heading">{say('keys.title')}</h2>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('app.close')}
          onClick={() => props.onClose()}
        >
          <Icon name="close" />
        </button>
      </header>
      <dl class="keys">
        <For each={KEYS}>
          {([keys, what]) => (
            <div>
              <dt>{say(what)}</dt>
              <dd>
                <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
