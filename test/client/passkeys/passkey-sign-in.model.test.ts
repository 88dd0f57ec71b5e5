import { QueryClient } from '@tanstack/solid-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type AnyErrorCode } from '../../../client/api/errors.ts';
import { createPasskeySignIn } from '../../../client/passkeys/passkey-sign-in.model.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** Ceremonies that end as the test says, in order; further ones stay open. */
function setUp(...endings: (AnyErrorCode | 'signed in')[]) {
  const asked: string[] = [];
  const model = createPasskeySignIn(new QueryClient(), {
    canSuggest: async () => true,
    async signInByPasskey(_client, { suggest, onAsked }) {
      asked.push(suggest ? 'suggested' : 'asked');
      onAsked?.();
      const ending = endings.shift();
      if (ending === 'signed in') return;
      await (ending ? Promise.reject(new ApiError(ending)) : new Promise(() => {}));
    },
  });
  return { model, asked };
}

describe('a press', () => {
  it('tells why it failed, until the next one', async () => {
    const { model, asked } = setUp('passkey_not_used', 'signed in');
    await model.press();
    expect([model.problem()?.code, model.busy()]).toEqual(['passkey_not_used', false]);
    await model.press();
    expect([model.problem(), model.busy(), asked]).toEqual([null, false, ['asked', 'asked']]);
  });

  it('says nothing when another ceremony has ended its own', async () => {
    const { model } = setUp('cancelled');
    await model.press();
    expect(model.problem()).toBeNull();
  });

  it('does one ceremony at a time', async () => {
    const { model, asked } = setUp();
    void model.press();
    await model.press();
    expect([model.busy(), asked]).toEqual([true, ['asked']]);
  });
});

describe('the suggestions', () => {
  it.each<[AnyErrorCode, number]>([
    ['passkey_refused', 2],
    ['passkey_cloned', 2],
    ['passkey_expired', 2],
    ['too_many_attempts', 1],
    ['offline', 1],
    ['cancelled', 1],
  ])('come again after %s, or not', async (code, times) => {
    const { model, asked } = setUp(code);
    void model.suggest();
    await vi.waitFor(() => expect(asked).toHaveLength(times));
    await Promise.resolve();
    expect(asked).toHaveLength(times);
    expect(model.problem()?.code).toBe(code === 'cancelled' ? undefined : code);
  });

  it('are renewed before their challenge ends, and not before', async () => {
    const { model, asked } = setUp();
    void model.suggest();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    vi.setSystemTime(Date.now() + 239_000);
    await model.renew();
    expect(asked).toHaveLength(1);
    vi.setSystemTime(Date.now() + 2000);
    void model.renew();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
  });

  it('are not renewed where there are none', async () => {
    const { model, asked } = setUp();
    vi.setSystemTime(Date.now() + 1_000_000);
    await model.renew();
    expect(asked).toEqual([]);
  });
});
