import { createRoot } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import { createCredentials } from '../../../client/auth/credentials.model.ts';
import { ApiError } from '../../../client/api/errors.ts';

type Submit = (typed: { username: string; password: string }) => Promise<unknown>;

function setUp(submit: Submit) {
  return createRoot((dispose) => {
    const form = createCredentials(submit);
    form.setUsername(' maija ');
    form.setPassword(' a password with spaces ');
    return { form, dispose };
  });
}

describe('createCredentials', () => {
  it('sends the name without the spaces around it and the password as it is', async () => {
    const submit = vi.fn<Submit>(async () => {});
    const { form, dispose } = setUp(submit);
    await form.submit();
    expect(submit).toHaveBeenCalledExactlyOnceWith({
      username: 'maija',
      password: ' a password with spaces ',
    });
    dispose();
  });

  it('forgets the password once it has done its work, not before', async () => {
    const answer = Promise.withResolvers<void>();
    const { form, dispose } = setUp(() => answer.promise);
    const submitted = form.submit();
    expect(form.busy()).toBe(true);
    expect(form.password()).not.toBe('');
    answer.resolve();
    await submitted;
    expect(form.busy()).toBe(false);
    expect(form.password()).toBe('');
    dispose();
  });

  it('sends once however often it is pressed', async () => {
    const submit = vi.fn<Submit>(async () => {});
    const { form, dispose } = setUp(submit);
    await Promise.all([form.submit(), form.submit()]);
    expect(submit).toHaveBeenCalledTimes(1);
    dispose();
  });

  it.each([
    [new ApiError('wrong_credentials'), true, true],
    [new ApiError('username_taken'), true, false],
    [new ApiError('invalid_field', { details: { fields: { password: 'too short' } } }), false, true],
    [new ApiError('offline'), false, false],
  ])('points at what is wrong: %s', async (error, username, password) => {
    const { form, dispose } = setUp(async () => {
      throw error;
    });
    await form.submit();
    expect(form.error()).toBe(error);
    expect([form.isWrong('username'), form.isWrong('password')]).toEqual([username, password]);
    expect(form.password()).not.toBe('');
    dispose();
  });
});
