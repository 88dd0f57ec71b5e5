import type { QueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { CHALLENGE_SECONDS } from '../../app/passkeys/passkeys.limits.ts';
import { toApiError, type AnyErrorCode, type ApiError } from '../api/errors.ts';
import { canSuggest, signInByPasskey } from './ceremonies.ts';

/** A challenge of this age may end while the user looks for a finger. */
const OLD_MS = (CHALLENGE_SECONDS - 60) * 1000;

/** Refusals of a passkey that the user has chosen: another choice may be right. */
const AFTER_CHOICE = new Set<AnyErrorCode>(['passkey_expired', 'passkey_refused', 'passkey_cloned']);

/**
 * Sign-in by a passkey: with a button, and among the suggestions of the username.
 *
 * @param ceremonies the parts that a test replaces
 */
export function createPasskeySignIn(client: QueryClient, ceremonies = { canSuggest, signInByPasskey }) {
  const [problem, setProblem] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  let askedAt: number | null = null;

  /** Returns the error to show; `null` for a ceremony that another one has ended. */
  function told(thrown: unknown): ApiError | null {
    const error = toApiError(thrown);
    if (error.code === 'cancelled') return null;
    setProblem(error);
    return error;
  }

  /** Offers the passkeys among the suggestions, until one is chosen. */
  async function suggest(): Promise<void> {
    try {
      if (!(await ceremonies.canSuggest())) return;
      const onAsked = () => (askedAt = Date.now());
      await ceremonies.signInByPasskey(client, { suggest: true, onAsked });
    } catch (thrown) {
      const error = told(thrown);
      if (!error) return;
      askedAt = null;
      if (AFTER_CHOICE.has(error.code)) await suggest();
    }
  }

  return {
    problem,
    busy,
    suggest,
    /** Offers them anew if the challenge is old. Call it when the user comes back to the page. */
    async renew(): Promise<void> {
      if (askedAt !== null && !busy() && Date.now() - askedAt > OLD_MS) await suggest();
    },
    /** Signs in with a dialog of the browser. */
    async press(): Promise<void> {
      if (busy()) return;
      setBusy(true);
      setProblem(null);
      try {
        await ceremonies.signInByPasskey(client, { suggest: false });
      } catch (thrown) {
        told(thrown);
      } finally {
        setBusy(false);
      }
    },
  };
}
