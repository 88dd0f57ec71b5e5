import { createSignal, onCleanup } from 'solid-js';

/**
 * How the app is installed here: by the browser's question, by its menu, or by the share sheet of
 * iOS. Null if it is installed, or cannot be.
 */
type InstallWay = 'prompt' | 'menu' | 'share' | null;

/** Chromium's event; no standard has its type. https://developer.mozilla.org/docs/Web/API/BeforeInstallPromptEvent */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}
const isPrompt = (event: Event): event is InstallPrompt => 'prompt' in event;

/** The event comes once, maybe before the steps are shown. */
const [waiting, setWaiting] = createSignal<InstallPrompt | null>(null);
window.addEventListener('beforeinstallprompt', (event) => {
  if (!isPrompt(event)) return;
  event.preventDefault();
  setWaiting(event);
});

/** Offers the installation of the app in the way of this browser. */
export function createInstall() {
  const [installed, setInstalled] = createSignal(matchMedia('(display-mode: standalone)').matches);
  const note = () => setInstalled(true);
  window.addEventListener('appinstalled', note);
  onCleanup(() => window.removeEventListener('appinstalled', note));
  return {
    way(): InstallWay {
      if (installed()) return null;
      if (waiting()) return 'prompt';
      if ('onbeforeinstallprompt' in window) return 'menu';
      return navigator.maxTouchPoints > 1 ? 'share' : null;
    },
    /** Shows the browser's question, which can be asked once. */
    async prompt(): Promise<void> {
      const event = waiting();
      setWaiting(null);
      await event?.prompt();
    },
  };
}
