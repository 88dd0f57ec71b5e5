import { createSignal, type Accessor } from 'solid-js';
import { isTall, type Size } from '../../app/media/shape.shared.ts';
import type { Zoom } from './zoom.model.ts';

/** Distance an arrow key scrolls, in CSS pixels. */
const STEP_PX = 80;
/** Share of the visible height that a page key scrolls. */
const PAGE_SHARE = 0.9;

/** Returns the size before a transform, in CSS pixels. `offsetWidth` would round it. */
export function sizeOf(element: HTMLElement): Size {
  const { width, height } = getComputedStyle(element);
  return { width: parseFloat(width), height: parseFloat(height) };
}

/** The elements of the view: the scrolled one, and the picture in it. */
export interface ScrolledElements {
  scroller: HTMLElement;
  frame: HTMLElement;
}

/**
 * Shows a tall picture as wide as the stage or its own width allows. Its height is scrolled. The
 * view gives way to a zoom, and to the whole picture.
 */
export function createScrolledView(size: Accessor<Size>, elements: () => ScrolledElements) {
  const [whole, setWhole] = createSignal(false);
  const active = () => isTall(size()) && !whole();

  /** Moves the picture's middle to the middle of the view at this place of it, from 0 to 1. */
  const scrollTo = (share: number) => {
    const { scroller, frame } = elements();
    scroller.scrollTop = sizeOf(frame).height * share - scroller.clientHeight / 2;
  };

  return {
    /** Whether the picture is scrolled now. */
    active,
    /** Starts at the top, as a new picture does. */
    reset() {
      setWhole(false);
      elements().scroller.scrollTop = 0;
    },
    /**
     * Shows the whole picture instead.
     *
     * @returns the zoom with which it looks as before; null if it is not scrolled
     */
    leave(): Zoom | null {
      if (!active()) return null;
      const { scroller, frame } = elements();
      const before = frame.getBoundingClientRect();
      const stage = scroller.getBoundingClientRect();
      setWhole(true);
      return {
        scale: before.width / sizeOf(frame).width,
        x: 0,
        y: before.top + before.height / 2 - (stage.top + stage.height / 2),
      };
    },
    /**
     * Shows the picture scrolled again, with the same place of it in the middle.
     *
     * @param y distance of that place from the picture's middle, in CSS pixels of the whole picture
     * @returns false for a picture that is not tall
     */
    enter(y: number): boolean {
      if (!isTall(size()) || active()) return false;
      const share = 0.5 + y / sizeOf(elements().frame).height;
      setWhole(false);
      scrollTo(share);
      return true;
    },
    /** Scrolls by a key; returns false if the key does not scroll. */
    key(key: string): boolean {
      if (!active()) return false;
      const { scroller } = elements();
      const page = scroller.clientHeight * PAGE_SHARE;
      const distance = {
        ArrowDown: STEP_PX,
        ArrowUp: -STEP_PX,
        PageDown: page,
        PageUp: -page,
        Home: -scroller.scrollHeight,
        End: scroller.scrollHeight,
      }[key];
      if (distance === undefined) return false;
      scroller.scrollTop += distance;
      return true;
    },
    /** Scrolls by a drag of a mouse. Fingers scroll by themselves. */
    drag(distance: number): void {
      if (active()) elements().scroller.scrollTop -= distance;
    },
  };
}
