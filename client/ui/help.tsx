import { createContext, createSignal, onCleanup, Show, useContext, type ParentProps } from 'solid-js';
import { isTyping } from './shortcuts.ts';
import { late } from './lazy.tsx';

const KeysSheet = late(() => import('./shortcuts-dialog.tsx').then((m) => m.KeysSheet), 'over');

const HelpContext = createContext<() => void>();

/** Shows what the keyboard can do, on every page: at `?`, or when {@link useHelp} asks for it. */
export function HelpProvider(props: ParentProps) {
  const [shown, setShown] = createSignal(false);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === '?' && !isTyping(event)) setShown(true);
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));

  return (
    <HelpContext.Provider value={() => setShown(true)}>
      {props.children}
      <Show when={shown()}>
        <KeysSheet onClose={() => setShown(false)} />
      </Show>
    </HelpContext.Provider>
  );
}

/** Opens the sheet of keys; throws outside `HelpProvider`. */
export function useHelp(): () => void {
  const help = useContext(HelpContext);
  if (!help) throw new Error('useHelp outside HelpProvider');
  return help;
}
