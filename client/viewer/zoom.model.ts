import { createSignal } from 'solid-js';

export interface Point {
  x: number;
  y: number;
}

/** Zoom state. At scale 1 the image fits its frame; `x` and `y` move its centre, in CSS pixels. */
export interface Zoom extends Point {
  scale: number;
}

const REST: Zoom = { scale: 1, x: 0, y: 0 };
const MAX_SCALE = 8;
/** Zoom factor of a key, a button or a double tap. */
const ZOOM_FACTOR = 2;
/** Distance an arrow key pans, in CSS pixels. */
const PAN_STEP_PX = 80;
/** Minimum distance of a swipe, in CSS pixels; a shorter one is a tap. */
const SWIPE_MIN_PX = 60;

/** Maximum movement of a tap, in CSS pixels. */
const TAP_MAX_PX = 12;
/** Maximum interval (ms) and distance (CSS pixels) between the taps of a double tap. */
const DOUBLE_TAP_MS = 300;
const DOUBLE_TAP_MAX_PX = 40;

/** Sizes of the frame and of the image at scale 1, in CSS pixels. */
export interface ZoomBounds {
  frame: { width: number; height: number };
  picture: { width: number; height: number };
}

export type Gesture = 'next' | 'previous' | 'close' | 'none';

/** Interprets a touch movement over an image at scale 1. */
export function readSwipe({ x, y }: Point): Gesture {
  if (Math.abs(x) > SWIPE_MIN_PX && Math.abs(x) > 2 * Math.abs(y)) return x < 0 ? 'next' : 'previous';
  return y > 1.5 * SWIPE_MIN_PX && y > 2 * Math.abs(x) ? 'close' : 'none';
}

/**
 * Zooms around `point`, which is relative to the frame's centre. The scale is at least 1, and at 1
 * the image is centred.
 */
export function zoomAt(from: Zoom, factor: number, point: Point, most = MAX_SCALE): Zoom {
  const scale = Math.min(most, Math.max(1, from.scale * factor));
  if (scale === 1) return REST;
  const ratio = scale / from.scale;
  return { scale, x: point.x - (point.x - from.x) * ratio, y: point.y - (point.y - from.y) * ratio };
}

/** Limits panning, so that no edge of a zoomed image leaves the frame's edge. */
export function clampPan({ scale, x, y }: Zoom, { frame, picture }: ZoomBounds): Zoom {
  const clamp = (value: number, size: number, room: number) => {
    const most = Math.max(0, (size * scale - room) / 2);
    return Math.min(most, Math.max(-most, value));
  };
  return {
    scale,
    x: clamp(x, picture.width, frame.width),
    y: clamp(y, picture.height, frame.height),
  };
}

/** A view that shows an image at scale 1 in another way, until it is zoomed (scrolled-view.ts). */
export interface RestView {
  active(): boolean;
  leave(): Zoom | null;
  enter(y: number): boolean;
  drag(distance: number): void;
}

/**
 * Pointers on the image: one pans or swipes, two pinch, a double tap zooms.
 *
 * @param room returns the sizes, read at every move; without it panning is unlimited
 * @param view shows a tall image; a zoom starts from it and ends in it
 */
export function createZoom(onGesture: (gesture: Gesture) => void, room?: () => ZoomBounds, view?: RestView) {
  const [zoom, setAnyZoom] = createSignal<Zoom>(REST);
  let most = MAX_SCALE;
  const [drag, setDrag] = createSignal<Point | null>(null);
  const setZoom = (next: Zoom | ((now: Zoom) => Zoom)) =>
    setAnyZoom((now) => {
      const wanted = typeof next === 'function' ? next(now) : next;
      return room && wanted.scale > 1 ? clampPan(wanted, room()) : wanted;
    });
  const fingers = new Map<number, Point>();
  let moved: Point = { x: 0, y: 0 };
  let pinched = false;
  let lastTap = { time: -Infinity, x: 0, y: 0 };

  /** Whether this pointer release completes a double tap. */
  function tapped(at: Point, time: number): boolean {
    if (pinched || Math.hypot(moved.x, moved.y) > TAP_MAX_PX) return false;
    const twice =
      time - lastTap.time < DOUBLE_TAP_MS &&
      Math.hypot(at.x - lastTap.x, at.y - lastTap.y) < DOUBLE_TAP_MAX_PX;
    lastTap = twice ? { time: -Infinity, x: 0, y: 0 } : { time, ...at };
    return twice;
  }

  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b
      ? { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
      : null;
  };
  const pan = (x: number, y: number) => setZoom((now) => ({ ...now, x: now.x + x, y: now.y + y }));
  const zoomBy = (factor: number, at: Point) => {
    const left = zoom().scale === 1 ? (view?.leave() ?? null) : null;
    if (left) most = MAX_SCALE * left.scale;
    setZoom(zoomAt(left ?? zoom(), factor, at, most));
  };
  /** Ends a zoom. A tall image then keeps its place. */
  const rest = () => {
    const { scale, y } = zoom();
    setZoom(REST);
    view?.enter(-y / scale);
  };
  const toggle = (at: Point) => {
    if (zoom().scale > 1) rest();
    else if (!view?.enter(at.y)) zoomBy(ZOOM_FACTOR * 1.25, at);
  };

  return {
    zoom,
    /** Distance of the current drag at scale 1; null without a pointer. */
    drag,
    reset: () => setZoom(REST),
    step: (direction: 'in' | 'out', at: Point = { x: 0, y: 0 }) =>
      zoomBy(direction === 'in' ? ZOOM_FACTOR : 1 / ZOOM_FACTOR, at),
    by: zoomBy,
    /** Handles a key; returns false if the key has no meaning now. */
    key(key: string): boolean {
      if (key === '+' || key === '=') zoomBy(ZOOM_FACTOR, { x: 0, y: 0 });
      else if (key === '-') zoomBy(1 / ZOOM_FACTOR, { x: 0, y: 0 });
      else if (key === '0') {
        // Of a tall image, 0 shows the whole, and then the scrolled one again.
        if (zoom().scale > 1 || !view?.leave()) rest();
      } else if (zoom().scale === 1) return false;
      else if (key === 'ArrowLeft') pan(PAN_STEP_PX, 0);
      else if (key === 'ArrowRight') pan(-PAN_STEP_PX, 0);
      else if (key === 'ArrowUp') pan(0, PAN_STEP_PX);
      else if (key === 'ArrowDown') pan(0, -PAN_STEP_PX);
      else return false;
      return true;
    },
    toggle,
    down(id: number, at: Point): void {
      if (fingers.size === 0) {
        moved = { x: 0, y: 0 };
        pinched = false;
      }
      fingers.set(id, at);
    },
    move(id: number, at: Point): void {
      const was = fingers.get(id);
      if (!was) return;
      const before = spread();
      fingers.set(id, at);
      moved = { x: moved.x + at.x - was.x, y: moved.y + at.y - was.y };
      const after = spread();
      if (before && after) {
        pinched = true;
        setDrag(null);
        zoomBy(after.distance / Math.max(1, before.distance), before);
        if (zoom().scale > 1) pan(after.x - before.x, after.y - before.y);
      } else if (zoom().scale > 1) {
        pan(at.x - was.x, at.y - was.y);
      } else if (!pinched) {
        setDrag(moved);
        view?.drag(at.y - was.y);
      }
    },
    /**
     * Handles a release, or (`cancelled`) a gesture taken over by the browser.
     *
     * @param time of a touch, in milliseconds; a mouse has its own double click
     */
    up(id: number, cancelled = false, time?: number): void {
      const at = fingers.get(id);
      if (!at) return;
      fingers.delete(id);
      if (fingers.size > 0) return;
      setDrag(null);
      if (cancelled) return;
      if (time !== undefined && tapped(at, time)) return toggle(at);
      const gesture = pinched || zoom().scale > 1 ? 'none' : readSwipe(moved);
      // A drag downwards scrolls a tall image.
      if (gesture !== 'none' && !(gesture === 'close' && view?.active())) onGesture(gesture);
    },
  };
}
