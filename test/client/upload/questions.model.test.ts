import { createRoot } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { createQuestions, mayReplace } from '../../../client/upload/questions.model.ts';
import { item, listItem } from '../support/items.ts';

const about = (n: number) => ({ item: item(n), there: { item: listItem(n + 100), mirrored: false } });

function setUp() {
  return createRoot((dispose) => {
    const questions = createQuestions();
    return { questions, dispose, ids: () => questions.open().map(({ uploadId }) => uploadId) };
  });
}

describe('createQuestions', () => {
  it('asks in the order of discovery, and each upload once', () => {
    const { questions, ids, dispose } = setUp();
    questions.report(2, about(2));
    questions.report(1, about(1));
    questions.report(2, about(3));
    expect(ids()).toEqual([2, 1]);
    expect(questions.open()[0]).toMatchObject(about(3));
    dispose();
  });

  it('asks nothing any more when the words have become others', () => {
    const { questions, ids, dispose } = setUp();
    questions.report(1, about(1));
    questions.report(1, null);
    questions.report(2, null);
    expect(ids()).toEqual([]);
    dispose();
  });

  it('keeps an answer, unless it could not be carried out', () => {
    const { questions, ids, dispose } = setUp();
    for (const id of [1, 2, 3]) questions.report(id, about(id));
    questions.answer([1, 3]);
    questions.report(1, about(5));
    expect(ids()).toEqual([2]);
    questions.reopen(3);
    expect(ids()).toEqual([2, 3]);
    dispose();
  });
});

describe('mayReplace', () => {
  const small = { width: 300, height: 200 };
  const question = { item: item(1), there: { item: listItem(2, small), mirrored: false } };
  const owner = { id: item(1).owner.id, role: 'member' } as const;
  const another = { id: item(5).id, username: 'louhi' };

  it('offers the better file to the owner of both, and to admins', () => {
    expect(mayReplace(owner, question)).toBe(true);
    const foreign = {
      ...question,
      there: { item: listItem(2, { ...small, owner: another }), mirrored: false },
    };
    expect(mayReplace(owner, foreign)).toBe(false);
    expect(mayReplace({ ...another, role: 'member' }, foreign)).toBe(false);
    expect(mayReplace({ ...another, role: 'admin' }, foreign)).toBe(true);
  });

  it('offers no file that is worse or equal, and no mirror image', () => {
    expect(mayReplace(owner, { ...question, item: item(1, { width: 100, height: 100 }) })).toBe(false);
    expect(mayReplace(owner, { ...question, there: { item: listItem(2), mirrored: false } })).toBe(false);
    expect(mayReplace(owner, { ...question, there: { ...question.there, mirrored: true } })).toBe(false);
  });
});
