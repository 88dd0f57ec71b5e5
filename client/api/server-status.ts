import { createSignal } from 'solid-js';

/** Interval between health checks of a server that did not answer, in milliseconds. */
const HEALTH_POLL_MS = 4000;

const [gone, setGone] = createSignal(false);
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether requests fail although the browser is online: the server or a proxy is down. */
export const isServerGone = gone;

/** Calls `listener` whenever the server answers again. Returns a function that unsubscribes. */
export function onServerBack(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Records a request without an answer and polls the server until it answers. */
export function markServerGone(): void {
  if (gone()) return;
  setGone(true);
  plan();
}

function plan(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), HEALTH_POLL_MS);
}

async function ask(): Promise<void> {
  const answer = await fetch('/api/ready', { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) {
    plan();
    return;
  }
  setGone(false);
  for (const listener of listeners) listener();
}

if (typeof window !== 'undefined') window.addEventListener('online', () => gone() && void ask());
