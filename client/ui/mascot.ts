import { onCleanup } from 'solid-js';

/** Least time between two blinks, and the most that is added to it, in milliseconds. */
const BLINK_MS = 2500;
const BLINK_MORE_MS = 4500;

const GULP_MS = 700;
const CHEER_MS = 900;

/** The mascot of the header, which acts; all others only blink. */
const ACTOR = '.bar-home .logo';

const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Moves the logos of the page: they blink, and that of the header gulps what is dropped. It is for
 * the eye alone, and still for people who want less motion. It renders nothing, and it loads after
 * the first screen.
 */
export function Mascot() {
  const listeners = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const blinkLater = () => {
    timer = setTimeout(
      () => {
        if (!document.hidden) blink();
        blinkLater();
      },
      BLINK_MS + Math.random() * BLINK_MORE_MS,
    );
  };
  blinkLater();
  // A drop that is taken is kept from the browser, which would open the file.
  window.addEventListener('drop', (event) => event.defaultPrevented && gulp(), { signal: listeners.signal });
  onCleanup(() => {
    clearTimeout(timer);
    listeners.abort();
  });
  return null;
}

/** Jumps for joy with closed eyes, once all uploads are done. */
export function cheer(): void {
  move('cheer', ACTOR, CHEER_MS, [
    { translate: '0 0', rotate: '0deg', easing: 'ease-out' },
    { translate: '0 -28%', rotate: '-12deg', easing: 'ease-in' },
    { translate: '0 0', rotate: '0deg', easing: 'ease-out' },
    { translate: '0 -18%', rotate: '10deg', easing: 'ease-in' },
    { translate: '0 0', rotate: '0deg' },
  ]);
  move('cheer', `${ACTOR} .logo-eyes`, CHEER_MS, [
    { transform: 'none' },
    { transform: 'scaleY(0.15)', offset: 0.1 },
    { transform: 'scaleY(0.15)', offset: 0.9 },
    { transform: 'none' },
  ]);
}

function blink(): void {
  move('blink', '.logo-eyes', 180, [
    { transform: 'none' },
    { transform: 'scaleY(0.1)' },
    { transform: 'none' },
  ]);
}

/** A picture falls into the open mouth, which closes over it. */
function gulp(): void {
  const face = document.querySelector(`${ACTOR} .logo-lines`);
  if (!face || lessMotion.matches) return;
  const mouth = draw('ellipse', { class: 'logo-mouth', cx: '24', cy: '33.5', rx: '7', ry: '5.5' });
  const picture = draw('rect', { x: '18', y: '28', width: '12', height: '10', rx: '2', fill: '#fff' });
  face.append(mouth, picture);
  move('gulp', `${ACTOR} rect:not([class])`, GULP_MS, [
    { transform: 'translateY(-34px) rotate(-20deg)', easing: 'ease-in' },
    { transform: 'scale(0.5)', offset: 0.5 },
    { transform: 'scale(0)', offset: 0.6 },
    { transform: 'scale(0)' },
  ]);
  move('gulp', `${ACTOR} ellipse`, GULP_MS, [
    { transform: 'scale(0)', easing: 'ease-out' },
    { transform: 'none', offset: 0.2 },
    { transform: 'none', offset: 0.5, easing: 'ease-in' },
    { transform: 'scale(1, 0)', offset: 0.65 },
    { transform: 'scale(0)' },
  ]);
  move('gulp', `${ACTOR} .logo-front`, GULP_MS, [
    { transform: 'none', offset: 0.6 },
    { transform: 'scale(1.08, 0.9)', offset: 0.75 },
    { transform: 'none' },
  ]);
  setTimeout(() => [mouth, picture].map((shape) => shape.remove()), GULP_MS);
}

function draw(name: 'ellipse' | 'rect', attributes: Record<string, string>): SVGElement {
  const shape = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) shape.setAttribute(attribute, value);
  Object.assign(shape.style, { transformBox: 'fill-box', transformOrigin: 'center' });
  return shape;
}

/** Animates each element that matches. Tests find the animation by its name. */
function move(name: string, selector: string, duration: number, frames: Keyframe[]): void {
  if (lessMotion.matches) return;
  for (const element of document.querySelectorAll(selector))
    element.animate(frames, { id: `mascot-${name}`, duration });
}
