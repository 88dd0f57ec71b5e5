import { createRoot } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../../client/api/errors.ts';
import { createForm, fieldForError } from '../../../client/ui/form.model.ts';

const FIELDS = ['username', 'password'] as const;
const setUp = (send: () => Promise<void>) => createRoot(() => createForm(FIELDS, send));
const failWith = (error: Error) =>
  setUp(async () => {
    throw error;
  });

describe('createForm', () => {
  it.each([
    [new ApiError('username_taken'), 'username'],
    [new ApiError('username_similar'), 'username'],
    [new ApiError('password_common'), 'password'],
    [
      new ApiError('invalid_field', { details: { fields: { username: 'bad', password: 'bad' } } }),
      'username',
    ],
    [new ApiError('wrong_password', { details: { fields: { currentPassword: 'wrong' } } }), null],
    [new ApiError('offline'), null],
    [new ApiError('too_many_attempts'), null],
  ] as const)('puts %s at its field', async (error, field) => {
    const form = failWith(error);
    expect(await form.submit()).toBe(field);
    expect(form.problem(field)).toBe(error);
    for (const other of [...FIELDS, null]) if (other !== field) expect(form.problem(other)).toBeNull();
    expect(form.busy()).toBe(false);
  });

  it('marks both fields of wrong credentials, says so at the form, and points at the first', async () => {
    const form = failWith(new ApiError('wrong_credentials'));
    expect(await form.submit()).toBe('username');
    expect(form.problem(null)?.code).toBe('wrong_credentials');
    expect(FIELDS.map((name) => [form.isInvalid(name), form.problem(name)])).toEqual([
      [true, null],
      [true, null],
    ]);
  });

  it.each([
    [new ApiError('username_taken'), [true, false]],
    [new ApiError('invalid_field', { details: { fields: { password: 'too short' } } }), [false, true]],
    [new ApiError('offline'), [false, false]],
  ])('marks what is wrong: %s', async (error, marked) => {
    const form = failWith(error);
    await form.submit();
    expect(FIELDS.map((name) => form.isInvalid(name))).toEqual(marked);
  });

  it('sends once however often it is pressed, and forgets the last problem first', async () => {
    const send = vi.fn<() => Promise<void>>();
    send.mockRejectedValueOnce(new ApiError('offline')).mockResolvedValueOnce();
    const form = setUp(send);
    await Promise.all([form.submit(), form.submit()]);
    expect(send).toHaveBeenCalledTimes(1);
    expect(form.problem(null)?.code).toBe('offline');
    const second = form.submit();
    expect(form.busy()).toBe(true);
    expect(form.problem(null)).toBeNull();
    expect(await second).toBeNull();
  });

  it('says that something unknown went wrong when it was no error of ours', async () => {
    const form = failWith(new Error('boom'));
    await form.submit();
    expect(form.problem(null)?.code).toBe('unknown');
  });
});

describe('fieldForError', () => {
  it('knows only the fields that the form has', () => {
    expect(fieldForError(new ApiError('username_taken'), ['password'])).toBeNull();
    expect(fieldForError(new ApiError('wrong_password'), ['currentPassword', 'password'])).toBe(
      'currentPassword',
    );
  });
});
