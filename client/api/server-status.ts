import { createSignal } from 'solid-js';

/** How often a server that did not answer is asked whether it is back, in milliseconds. */
const HEALTH_POLL_MS = 4000;

const [gone, setGone] = createSignal(false);
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether requests get no answer although the browser has a network: the server is away, or something between. */
export const isServerGone = gone;

/** Calls back whenever the server answers again. Returns what ends it. */
export function onServerBack(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A request got no answer: from now on the server is asked until it gives one. */
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
