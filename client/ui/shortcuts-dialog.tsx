import { For } from 'solid-js';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { SHORTCUTS } from './shortcut-list.ts';
import './shortcuts-dialog.css';

/** Lists the keyboard shortcuts. */
export function ShortcutsDialog(props: { onClose: () => void }) {
  return (
    <BrowseDictionary>
      <Sheet onClose={() => props.onClose()} />
    </BrowseDictionary>
  );
}

function Sheet(props: { onClose: () => void }) {
  const { t } = useI18n();
  const tBrowse = useBrowseDictionary();
  return (
    <Dialog class="sheet" labelledBy="shortcuts-heading" onClose={() => props.onClose()}>
      <header class="sheet-head">
        <h2 id="shortcuts-heading">{tBrowse('keys.title')}</h2>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('app.close')}
          onClick={() => props.onClose()}
        >
          <Icon name="close" />
        </button>
      </header>
      <dl class="shortcuts">
        <For each={SHORTCUTS}>
          {([keys, what]) => (
            <div>
              <dt>{tBrowse(what)}</dt>
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
