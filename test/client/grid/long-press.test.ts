import { createRoot } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLongPress } from '../../../client/grid/long-press.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Makes a list whose events are on the picture `id`: `film` is animated, any other is not. */
function setUp(id: string | null) {
  return createRoot((dispose) => {
    const selected: string[] = [];
    const list = new EventTarget();
    const press = createLongPress({
      idOf: () => id,
      moves: (each) => each === 'film',
      select: (each) => selected.push(each),
    });
    press.attach({ addEventListener: list.addEventListener.bind(list) });
    const finger = (type: string, more: Partial<PointerEvent> = {}) => {
      const event = new Event(type, { cancelable: true });
      const facts = { pointerType: 'touch', isPrimary: true, clientX: 100, clientY: 100, ...more };
      list.dispatchEvent(Object.assign(event, facts));
      return event;
    };
    return { press, selected, finger, dispose };
  });
}

describe('createPress', () => {
  it('selects a still picture that is held for 450 ms, and swallows the click that ends it once', () => {
    const { press, selected, finger, dispose } = setUp('still');
    finger('pointerdown');
    vi.advanceTimersByTime(440);
    expect(selected).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(selected).toEqual(['still']);
    finger('pointerup');
    expect(press.swallowed()).toBe(true);
    expect(press.swallowed()).toBe(false);
    dispose();
  });

  it('plays a moving one after 350 ms, on when the finger leaves, and selects it after 850 ms', () => {
    const { press, selected, finger, dispose } = setUp('film');
    finger('pointerdown');
    vi.advanceTimersByTime(360);
    expect(press.held()).toBe('film');
    finger('pointerup');
    expect(press.swallowed()).toBe(true);
    expect(press.held()).toBe('film');
    expect(selected).toEqual([]);
    finger('pointerdown');
    vi.advanceTimersByTime(860);
    expect(selected).toEqual(['film']);
    dispose();
  });

  it('lets a tap be a tap, and a drag a scroll', () => {
    const { press, selected, finger, dispose } = setUp('still');
    finger('pointerdown');
    vi.advanceTimersByTime(100);
    finger('pointerup');
    expect(press.swallowed()).toBe(false);
    finger('pointerdown');
    finger('pointermove', { clientY: 112 });
    vi.advanceTimersByTime(2000);
    finger('pointerdown');
    finger('pointercancel');
    vi.advanceTimersByTime(2000);
    expect(selected).toEqual([]);
    dispose();
  });

  it('bears a finger that trembles', () => {
    const { selected, finger, dispose } = setUp('still');
    finger('pointerdown');
    finger('pointermove', { clientX: 106, clientY: 105 });
    vi.advanceTimersByTime(500);
    expect(selected).toEqual(['still']);
    dispose();
  });

  it('leaves the mouse, a second finger and the gaps between pictures alone', () => {
    for (const [id, more] of [
      ['still', { pointerType: 'mouse' }],
      ['still', { isPrimary: false }],
      [null, {}],
    ] as const) {
      const { selected, finger, dispose } = setUp(id);
      finger('pointerdown', more);
      vi.advanceTimersByTime(2000);
      expect(selected).toEqual([]);
      dispose();
    }
  });

  it('keeps the browser’s menu away while a finger holds, not from a mouse', () => {
    const { finger, dispose } = setUp('still');
    finger('pointerdown');
    expect(finger('contextmenu').defaultPrevented).toBe(true);
    finger('pointerup');
    expect(finger('contextmenu').defaultPrevented).toBe(false);
    dispose();
  });

  it('stops what played when another picture is touched', () => {
    let id = 'film';
    createRoot((dispose) => {
      const list = new EventTarget();
      const press = createLongPress({ idOf: () => id, moves: () => true, select: () => {} });
      press.attach({ addEventListener: list.addEventListener.bind(list) });
      const down = () =>
        list.dispatchEvent(
          Object.assign(new Event('pointerdown'), {
            pointerType: 'touch',
            isPrimary: true,
            clientX: 0,
            clientY: 0,
          }),
        );
      down();
      vi.advanceTimersByTime(400);
      expect(press.held()).toBe('film');
      id = 'other';
      down();
      expect(press.held()).toBeNull();
      dispose();
    });
  });
});
