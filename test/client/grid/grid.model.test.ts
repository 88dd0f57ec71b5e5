import { createRoot, createSignal } from 'solid-js';
import { describe, expect, it } from 'vitest';
import type { MediaListItem } from '../../../app/media/media.schema.ts';
import { captionLines, createGrid, type Viewport } from '../../../client/grid/grid.model.ts';
import { idOf, listItem } from '../support/items.ts';

const screen: Viewport = { top: 0, height: 800, width: 1200, line: 20 };

function setUp(count: number) {
  return createRoot((dispose) => {
    const [items, setItems] = createSignal<readonly MediaListItem[]>(
      Array.from({ length: count }, (_, age) => listItem(age)),
    );
    const [viewport, setViewport] = createSignal(screen);
    return { grid: createGrid(items, viewport), items, setItems, setViewport, dispose };
  });
}

describe('createGrid', () => {
  it('holds about three screens of ten thousand tiles, wherever one is', () => {
    const { grid, setViewport, dispose } = setUp(10_000);
    for (const part of [0, 0.3, 0.7, 1]) {
      setViewport({ ...screen, top: part * (grid.height() - screen.height) });
      expect(grid.visible().length).toBeGreaterThan(10);
      expect(grid.visible().length).toBeLessThan(150);
    }
    dispose();
  });

  it('always holds what is on the screen', () => {
    const { grid, setViewport, dispose } = setUp(1000);
    for (let top = 0; top < 6000; top += 137) {
      setViewport({ ...screen, top });
      const seen = grid
        .boxes()
        .flatMap((box, index) => (box.y < top + 800 && box.y + box.height > top ? [index] : []));
      const rendered = new Set(grid.visible().map((id) => grid.index(id)));
      expect(seen.filter((index) => !rendered.has(index))).toEqual([]);
    }
    dispose();
  });

  it('holds only what is on the screen at first', () => {
    createRoot((dispose) => {
      const items = Array.from({ length: 1000 }, (_, age) => listItem(age));
      const [ahead, setAhead] = createSignal(false);
      const grid = createGrid(
        () => items,
        () => ({ ...screen, top: 1000 }),
        ahead,
      );
      const first = grid.visible();
      expect(first.every((id) => (grid.box(id)?.y ?? 0) < 1800)).toBe(true);
      setAhead(true);
      expect(grid.visible().length).toBeGreaterThan(first.length * 2);
      dispose();
    });
  });

  it('changes nothing while scrolling within a step', () => {
    const { grid, setViewport, dispose } = setUp(1000);
    const before = grid.visible();
    setViewport({ ...screen, top: 150 });
    expect(grid.visible()).toBe(before);
    dispose();
  });

  it('keeps the box of an item whose facts change', () => {
    const { grid, setItems, dispose } = setUp(50);
    const before = grid.box(idOf(7));
    setItems((all) => all.map((each, index) => (index === 7 ? listItem(7, { state: 'processing' }) : each)));
    expect(grid.item(idOf(7))?.state).toBe('processing');
    expect(grid.box(idOf(7))).toEqual(before);
    dispose();
  });

  it('asks for more near the end only', () => {
    const { grid, setViewport, dispose } = setUp(300);
    expect(grid.nearEnd()).toBe(false);
    setViewport({ ...screen, top: grid.height() - 2000 });
    expect(grid.nearEnd()).toBe(true);
    dispose();
  });

  it('asks for nothing before it knows its width', () => {
    const { grid, setViewport, dispose } = setUp(3);
    setViewport({ ...screen, width: 0 });
    expect(grid.nearEnd()).toBe(false);
    dispose();
  });

  it('has no box for an item that is gone', () => {
    const { grid, dispose } = setUp(3);
    expect(grid.box(idOf(77))).toBeUndefined();
    expect(grid.item(idOf(77))).toBeUndefined();
    dispose();
  });
});

describe('captionLines', () => {
  it('counts the title and what was found outside it', () => {
    const match = { snippet: 'x', marks: [] };
    expect(captionLines(listItem(1))).toBe(0);
    expect(captionLines(listItem(1, { title: 'Cat' }))).toBe(1);
    expect(captionLines(listItem(1, { title: 'Cat', match: { ...match, field: 'title' } }))).toBe(1);
    expect(captionLines(listItem(1, { match: { ...match, field: 'text' } }))).toBe(2);
    expect(captionLines(listItem(1, { title: 'Cat', match: { ...match, field: 'text' } }))).toBe(3);
  });
});
