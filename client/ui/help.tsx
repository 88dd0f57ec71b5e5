import { createContext, createSignal, onCleanup, Show, useContext, type ParentProps } from 'solid-js';
import { isTyping } from './shortcuts.ts';
import { lazyComponent } from './lazy.tsx';

const ShortcutsDialog = lazyComponent(
  () => import('./shortcuts-dialog.tsx').then((m) => m.ShortcutsDialog),
  'over',
);

const HelpContext = createContext<() => void>();

/** Opens the shortcuts dialog on every page: on `?`, or when {@link useHelp} is called. */
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
        <ShortcutsDialog onClose={() => setShown(false)} />
      </Show>
    </HelpContext.Provider>
  );
}

/** Returns a function that opens the shortcuts dialog; throws outside `HelpProvider`. */
export function useHelp(): () => void {
  const help = useContext(HelpContext);
  if (!help) throw new Error('useHelp outside HelpProvider');
  return help;
}
