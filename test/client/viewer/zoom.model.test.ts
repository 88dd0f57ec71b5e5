import { createRoot } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { createZoom, readSwipe, clampPan, zoomAt, type Gesture } from '../../../client/viewer/zoom.model.ts';

const rest = { scale: 1, x: 0, y: 0 };

describe('zoomAt', () => {
  it('keeps what lies under the point in place', () => {
    const point = { x: 120, y: -40 };
    const before = { scale: 1.5, x: 10, y: 20 };
    const after = zoomAt(before, 2, point);
    const under = (zoom: typeof rest) => [(point.x - zoom.x) / zoom.scale, (point.y - zoom.y) / zoom.scale];
    expect(under(after)[0]).toBeCloseTo(under(before)[0] ?? NaN);
    expect(under(after)[1]).toBeCloseTo(under(before)[1] ?? NaN);
  });

  it('stays between fitting the frame and eight times that', () => {
    expect(zoomAt({ scale: 2, x: 50, y: 50 }, 0.1, { x: 0, y: 0 })).toEqual(rest);
    expect(zoomAt(rest, 100, { x: 0, y: 0 }).scale).toBe(8);
  });
});

describe('readSwipe', () => {
  it.each([
    [{ x: -90, y: 10 }, 'next'],
    [{ x: 90, y: -20 }, 'previous'],
    [{ x: 10, y: 140 }, 'close'],
    [{ x: 20, y: 5 }, 'none'],
    [{ x: 80, y: 70 }, 'none'],
    [{ x: 0, y: -200 }, 'none'],
  ] as const)('%o means %s', (moved, gesture) => {
    expect(readSwipe(moved)).toBe(gesture);
  });
});

describe('within', () => {
  const room = { frame: { width: 400, height: 300 }, picture: { width: 400, height: 100 } };

  it('lets no edge of a picture leave the edge of the frame behind', () => {
    expect(clampPan({ scale: 2, x: 900, y: -900 }, room)).toEqual({ scale: 2, x: 200, y: -0 });
    expect(clampPan({ scale: 4, x: -900, y: 900 }, room)).toEqual({ scale: 4, x: -600, y: 50 });
  });

  it('leaves alone what fits', () => {
    expect(clampPan({ scale: 4, x: 30, y: -20 }, room)).toEqual({ scale: 4, x: 30, y: -20 });
  });
});

describe('createZoom', () => {
  function setUp() {
    const gestures: Gesture[] = [];
    return createRoot((dispose) => ({
      zoom: createZoom((gesture) => gestures.push(gesture)),
      gestures,
      dispose,
    }));
  }

  it('takes a finger over a picture at rest for a swipe', () => {
    const { zoom, gestures, dispose } = setUp();
    zoom.down(1, { x: 100, y: 0 });
    zoom.move(1, { x: 50, y: 0 });
    zoom.move(1, { x: 0, y: 4 });
    zoom.up(1);
    expect(gestures).toEqual(['next']);
    expect(zoom.zoom()).toEqual(rest);
    dispose();
  });

  it('pans a picture that is zoomed, without swiping', () => {
    const { zoom, gestures, dispose } = setUp();
    zoom.step('in');
    zoom.down(1, { x: 100, y: 0 });
    zoom.move(1, { x: 0, y: 10 });
    zoom.up(1);
    expect(zoom.zoom()).toEqual({ scale: 2, x: -100, y: 10 });
    expect(gestures).toEqual([]);
    dispose();
  });

  it('zooms by as much as two fingers spread, and does not swipe when they lift', () => {
    const { zoom, gestures, dispose } = setUp();
    zoom.down(1, { x: -50, y: 0 });
    zoom.down(2, { x: 50, y: 0 });
    zoom.move(1, { x: -100, y: 0 });
    zoom.move(2, { x: 100, y: 0 });
    expect(zoom.zoom().scale).toBeCloseTo(2);
    zoom.move(1, { x: -50, y: 0 });
    zoom.move(2, { x: 50, y: 0 });
    zoom.up(1);
    zoom.up(2);
    expect(zoom.zoom().scale).toBeCloseTo(1);
    expect(gestures).toEqual([]);
    dispose();
  });

  it('leaves the arrows to whoever turns the page until it is zoomed in', () => {
    const { zoom, dispose } = setUp();
    expect(zoom.key('ArrowRight')).toBe(false);
    expect(zoom.key('+')).toBe(true);
    expect(zoom.key('ArrowRight')).toBe(true);
    expect(zoom.zoom()).toEqual({ scale: 2, x: -80, y: 0 });
    expect(zoom.key('0')).toBe(true);
    expect(zoom.zoom()).toEqual(rest);
    expect(zoom.key('x')).toBe(false);
    dispose();
  });

  it('zooms in by two quick taps in one place and out by two more, but not by slow, far or moving ones', () => {
    const { zoom, gestures, dispose } = setUp();
    const tap = (time: number, x = 0, slip = 0) => {
      zoom.down(1, { x, y: 0 });
      zoom.move(1, { x: x + slip, y: 0 });
      zoom.up(1, false, time);
    };
    tap(0);
    tap(400);
    expect(zoom.zoom()).toEqual(rest);
    tap(600, 90);
    tap(700, 90, 20);
    expect(zoom.zoom()).toEqual(rest);
    tap(2000);
    tap(2200);
    expect(zoom.zoom().scale).toBe(2.5);
    tap(3000);
    expect(zoom.zoom().scale).toBe(2.5);
    tap(3100);
    expect(zoom.zoom()).toEqual(rest);
    expect(gestures).toEqual([]);
    dispose();
  });

  it('lets a picture at rest follow the finger until it is lifted', () => {
    const { zoom, dispose } = setUp();
    zoom.down(1, { x: 0, y: 0 });
    zoom.move(1, { x: 30, y: 4 });
    expect(zoom.drag()).toEqual({ x: 30, y: 4 });
    zoom.up(1);
    expect(zoom.drag()).toBeNull();
    dispose();
  });

  it('ignores a gesture that the browser took for scrolling', () => {
    const { zoom, gestures, dispose } = setUp();
    zoom.down(1, { x: 0, y: 0 });
    zoom.move(1, { x: -200, y: 0 });
    zoom.up(1, true);
    expect(gestures).toEqual([]);
    dispose();
  });

  describe('over a tall picture that is scrolled', () => {
    function setUpScrolled() {
      const view = { scrolled: true, scrolledBy: 0, enteredAt: NaN };
      const gestures: Gesture[] = [];
      return createRoot((dispose) => {
        const zoom = createZoom((gesture) => gestures.push(gesture), undefined, {
          active: () => view.scrolled,
          leave() {
            if (!view.scrolled) return null;
            view.scrolled = false;
            return { scale: 12, x: 0, y: 300 };
          },
          enter(y) {
            if (view.scrolled) return false;
            view.scrolled = true;
            view.enteredAt = y;
            return true;
          },
          drag: (distance) => void (view.scrolledBy += distance),
        });
        return { zoom, view, gestures, dispose };
      });
    }

    it('zooms on from how it looks, and goes back to the place seen', () => {
      const { zoom, view, dispose } = setUpScrolled();
      zoom.step('in');
      expect(zoom.zoom()).toEqual({ scale: 24, x: 0, y: 600 });
      zoom.key('0');
      expect(zoom.zoom()).toEqual(rest);
      expect(view.enteredAt).toBe(-25);
      dispose();
    });

    it('shows the whole by 0, and scrolls again by 0 or at the place of a double click', () => {
      const { zoom, view, dispose } = setUpScrolled();
      zoom.key('0');
      expect([view.scrolled, zoom.zoom()]).toEqual([false, rest]);
      zoom.key('0');
      expect(view.scrolled).toBe(true);
      zoom.key('0');
      zoom.toggle({ x: 3, y: 120 });
      expect([view.scrolled, view.enteredAt]).toEqual([true, 120]);
      dispose();
    });

    it('scrolls by a drag, which closes nothing', () => {
      const { zoom, view, gestures, dispose } = setUpScrolled();
      zoom.down(1, { x: 0, y: 0 });
      zoom.move(1, { x: 2, y: 150 });
      zoom.up(1);
      expect([view.scrolledBy, gestures]).toEqual([150, []]);
      dispose();
    });
  });
});
