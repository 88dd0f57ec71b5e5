import { createRoot, createSignal } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { createSelection } from '../../../client/library/selection.model.ts';

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

function setUp(order = LETTERS) {
  return createRoot((dispose) => {
    const [ids, setIds] = createSignal<readonly string[]>(order);
    const [list, setList] = createSignal('');
    return { selection: createSelection(ids, list), setIds, setList, dispose };
  });
}

describe('createSelection', () => {
  it('takes in and lets go of one, and tells them in the order of the list', () => {
    const { selection, dispose } = setUp();
    selection.toggle('e');
    selection.toggle('b');
    expect(selection.ids()).toEqual(['b', 'e']);
    expect(selection.count()).toBe(2);
    expect(selection.has('b')).toBe(true);
    selection.toggle('e');
    selection.toggle('b');
    expect(selection.active()).toBe(false);
    dispose();
  });

  it('extends from the last one toggled, forwards and backwards, and only that stretch moves', () => {
    const { selection, dispose } = setUp();
    selection.toggle('a');
    selection.toggle('d');
    selection.extend('f');
    expect(selection.ids()).toEqual(['a', 'd', 'e', 'f']);
    selection.extend('c');
    expect(selection.ids()).toEqual(['a', 'c', 'd']);
    dispose();
  });

  it('extends from where one is when nothing was toggled before', () => {
    const { selection, dispose } = setUp();
    selection.extend('c', 'b');
    expect(selection.ids()).toEqual(['b', 'c']);
    selection.extend('d', 'c');
    expect(selection.ids()).toEqual(['b', 'c', 'd']);
    dispose();
  });

  it('has a new beginning when the one it would extend from has left the list', () => {
    const { selection, setIds, dispose } = setUp();
    selection.toggle('a');
    setIds(['b', 'c', 'd']);
    selection.extend('d', 'c');
    expect(selection.ids()).toEqual(['c', 'd']);
    dispose();
  });

  it('forgets what has left the list, and takes up what comes back', () => {
    const { selection, setIds, dispose } = setUp();
    selection.toggle('b');
    selection.toggle('c');
    setIds(['a', 'c']);
    expect(selection.ids()).toEqual(['c']);
    setIds(LETTERS);
    expect(selection.ids()).toEqual(['b', 'c']);
    dispose();
  });

  it('takes all of what is loaded, not what comes later', () => {
    const { selection, setIds, dispose } = setUp(['a', 'b']);
    selection.all();
    setIds(LETTERS);
    expect(selection.ids()).toEqual(['a', 'b']);
    dispose();
  });

  it('begins anew with another list', () => {
    const { selection, setList, dispose } = setUp();
    selection.all();
    setList('cats');
    expect(selection.active()).toBe(false);
    selection.extend('b', 'b');
    expect(selection.ids()).toEqual(['b']);
    dispose();
  });
});
