import { createSignal } from 'solid-js';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'problem';
  action?: { label: string; run: () => void };
}

/** Display time of a toast, in milliseconds; a toast with an action stays longer. */
const TOAST_MS = 5000;
const TOAST_WITH_ACTION_MS = 10_000;

/** State of the toasts. The timer of a hovered or focused toast is paused. */
export function createToasts() {
  const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let lastId = 0;

  const stay = (toast: Toast) => {
    const time = toast.action ? TOAST_WITH_ACTION_MS : TOAST_MS;
    timers.set(
      toast.id,
      setTimeout(() => dismiss(toast.id), time),
    );
  };

  function dismiss(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }

  return {
    toasts,
    dismiss,
    show(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): number {
      const toast: Toast = {
        id: ++lastId,
        text,
        tone: options.tone ?? 'plain',
        ...(options.action && { action: options.action }),
      };
      setToasts((all) => [...all.slice(-2), toast]);
      stay(toast);
      return toast.id;
    },
    hold(): void {
      for (const timer of timers.values()) clearTimeout(timer);
    },
    release(): void {
      for (const toast of toasts()) stay(toast);
    },
  };
}
