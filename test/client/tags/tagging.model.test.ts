import { createRoot, createSignal } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { countTags, createTagging } from '../../../client/tags/tagging.model.ts';

const setUp = () =>
  createRoot((dispose) => {
    const [items, setItems] = createSignal([{ tags: ['cat', 'monday'] }, { tags: ['cat'] }]);
    return { tagging: createTagging(items), setItems, dispose };
  });

describe('countTags', () => {
  it('tells the most used first, then by name', () => {
    expect(countTags([{ tags: ['b', 'a'] }, { tags: ['c'] }, { tags: ['c'] }])).toEqual([
      { name: 'c', count: 2 },
      { name: 'a', count: 1 },
      { name: 'b', count: 1 },
    ]);
  });
});

describe('createTagging', () => {
  it('takes a tag at each comma, without blanks around it, and each once', () => {
    const { tagging, dispose } = setUp();
    tagging.type(' one, two ,one,, thr');
    expect(tagging.added()).toEqual(['one', 'two']);
    expect(tagging.typed()).toBe(' thr');
    dispose();
  });

  it('takes what is typed when asked, and says when there is nothing', () => {
    const { tagging, dispose } = setUp();
    expect(tagging.take()).toBe(false);
    tagging.type('one');
    expect(tagging.take()).toBe(true);
    expect(tagging.typed()).toBe('');
    tagging.add('two');
    tagging.drop('one');
    expect(tagging.added()).toEqual(['two']);
    dispose();
  });

  it('sends what is typed but not ended too, and what is to go', () => {
    const { tagging, dispose } = setUp();
    tagging.add('new');
    tagging.type('half');
    tagging.toggle('cat');
    tagging.toggle('monday');
    tagging.toggle('monday');
    expect(tagging.removes('cat')).toBe(true);
    expect(tagging.changes()).toEqual({ add: ['new', 'half'], remove: ['cat'] });
    dispose();
  });

  it('follows what is selected', () => {
    const { tagging, setItems, dispose } = setUp();
    expect(tagging.there()).toEqual([
      { name: 'cat', count: 2 },
      { name: 'monday', count: 1 },
    ]);
    setItems([{ tags: ['dog'] }]);
    expect(tagging.there()).toEqual([{ name: 'dog', count: 1 }]);
    dispose();
  });
});
