import { createRoot, createSignal } from 'solid-js';
import { expect, it } from 'vitest';
import { ApiError } from '../../../client/api/errors.ts';
import { createDraft } from '../../../client/viewer/draft.model.ts';

/** Makes a draft over a text that is "old" on the server. `refuse` makes saving fail. */
function setUp(kept?: string) {
  const store = { value: kept };
  const saved: string[] = [];
  let refusal: ApiError | null = null;
  const [text, setText] = createSignal('old');
  const draft = createRoot(() =>
    createDraft(
      {
        get: () => store.value,
        set: (value) => {
          store.value = value;
        },
      },
      text,
      async (value) => {
        if (refusal) throw refusal;
        saved.push(value);
        setText(value);
      },
    ),
  );
  return { draft, store, saved, setText, refuse: (error: ApiError | null) => (refusal = error) };
}

it('saves what was typed and forgets it', async () => {
  const { draft, store, saved } = setUp();
  draft.begin();
  expect(draft.value()).toBe('old');
  expect(draft.dirty()).toBe(false);
  draft.type('new');
  expect(draft.dirty()).toBe(true);
  expect(store.value).toBe('new');
  await draft.submit();
  expect(saved).toEqual(['new']);
  expect(store.value).toBeUndefined();
  expect(draft.editing()).toBe(false);
});

it('begins with a proposal where nothing is saved, and saves it only once it is changed', async () => {
  const { draft, saved, setText } = setUp();
  draft.begin('proposed');
  expect(draft.value()).toBe('old');
  draft.giveUp();
  setText('');
  draft.begin('proposed');
  expect(draft.value()).toBe('proposed');
  expect(draft.dirty()).toBe(false);
  await draft.submit();
  expect(saved).toEqual([]);
  draft.begin('proposed');
  draft.type('proposed name');
  await draft.submit();
  expect(saved).toEqual(['proposed name']);
});

it('sends nothing when nothing has changed', async () => {
  const { draft, saved } = setUp();
  draft.begin();
  await draft.submit();
  expect(saved).toEqual([]);
  expect(draft.editing()).toBe(false);
});

it('keeps what was typed after an error, and goes on by itself only after signing in', async () => {
  const { draft, store, saved, refuse } = setUp();
  draft.begin();
  draft.type('new');
  refuse(new ApiError('offline'));
  await draft.submit();
  expect(draft.error()?.code).toBe('offline');
  expect(draft.value()).toBe('new');
  refuse(null);
  await draft.resume();
  expect(saved).toEqual([]);
  refuse(new ApiError('not_signed_in'));
  await draft.submit();
  expect(store.value).toBe('new');
  refuse(null);
  await draft.resume();
  expect(saved).toEqual(['new']);
});

it('opens where something typed was left, and forgets it when given up', () => {
  const { draft, store } = setUp('half a senten');
  expect(draft.editing()).toBe(true);
  expect(draft.value()).toBe('half a senten');
  draft.giveUp();
  expect(store.value).toBeUndefined();
  expect(draft.editing()).toBe(false);
});

it('tells what somebody else made of it meanwhile', () => {
  const { draft, setText } = setUp();
  draft.begin();
  draft.type('mine');
  expect(draft.changed()).toBeNull();
  setText('theirs');
  expect(draft.changed()).toBe('theirs');
  expect(draft.value()).toBe('mine');
});
