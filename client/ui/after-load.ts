/** Default delay after load, in milliseconds, so that the first requests can finish. */
const AFTER_LOAD_MS = 1500;

/**
 * Resolves after load and first paint. Use it to schedule invisible, low-priority work.
 *
 * @param rest delay after load, or from now if already loaded, in milliseconds
 */
export const afterLoad = (rest = AFTER_LOAD_MS): Promise<void> =>
  new Promise((resolve) => {
    const wait = () => setTimeout(resolve, rest);
    if (document.readyState === 'complete') wait();
    else window.addEventListener('load', wait, { once: true });
  });
