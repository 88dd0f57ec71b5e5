/**
 * Runs in a page of another site, and opens the page `/save`. Fills in the address of the largest
 * picture; of the page if no picture has 300 × 300 pixels. Sends nothing.
 */
const SCRIPT = `(save => {
  const area = image => image.width * image.height;
  const [largest] = [...document.images]
    .filter(image => /^https?:/.test(image.currentSrc) && area(image) >= 90000)
    .sort((a, b) => area(b) - area(a));
  open(save + encodeURIComponent(largest ? largest.currentSrc : location.href));
})`;

/**
 * Returns the address of a bookmark that saves the picture of any page.
 *
 * @param site origin of the folder
 */
export function bookmarkletAddress(site: string): string {
  const call = `${SCRIPT.replaceAll(/\n\s*/g, ' ')}(${JSON.stringify(`${site}/save?url=`)})`;
  return `javascript:${encodeURIComponent(call)}`;
}
