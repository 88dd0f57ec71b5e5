import { For } from 'solid-js';
import type { MessageKey } from '../i18n/format.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import './keys-sheet.css';

const KEYS = [
  [['/'], 'keys.search'],
  [['←', '→', '↑', '↓'], 'keys.browse'],
  [['+', '−', '0'], 'keys.zoom'],
  [['Ctrl V'], 'keys.paste'],
  [['Esc'], 'keys.close'],
  [['?'], 'keys.help'],
] as const satisfies [string[], MessageKey][];

/** What the keyboard can do. */
export function KeysSheet(props: { onClose: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog class="sheet" labelledBy="keys-heading" onClose={() => props.onClose()}>
      <header class="sheet-head">
        <h2 id="keys-heading">{t('keys.title')}</h2>
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
              <dt>{t(what)}</dt>
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
