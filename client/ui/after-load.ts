/** When what was asked for at first has had its time, in milliseconds. */
const AFTER_LOAD_MS = 1500;

/**
 * Resolves when the page has loaded and drawn: for what has nothing to show and shall take nothing from what has.
 *
 * @param rest how long after it has loaded, or from now on when it has, in milliseconds
 */
export const afterLoad = (rest = AFTER_LOAD_MS): Promise<void> =>
  new Promise((resolve) => {
    const wait = () => setTimeout(resolve, rest);
    if (document.readyState === 'complete') wait();
    else window.addEventListener('load', wait, { once: true });
  });
