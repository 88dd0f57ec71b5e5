/** When what was asked for at first has had its time, in milliseconds. */
const SETTLED_MS = 1500;

/** Resolves when the page has loaded and drawn: for what has nothing to show and shall take nothing from what has. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    const wait = () => setTimeout(resolve, SETTLED_MS);
    if (document.readyState === 'complete') wait();
    else window.addEventListener('load', wait, { once: true });
  });
