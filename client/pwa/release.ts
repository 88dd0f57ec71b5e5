/**
 * Tells once when a worker of another release has taken over a page that had one. The first worker a page gets is of the
 * same release and nothing new.
 */
export function onReleased(
  container: { readonly controller: object | null } & Pick<EventTarget, 'addEventListener'>,
  onNewRelease: () => void,
): void {
  let controlled = container.controller !== null;
  let told = false;
  container.addEventListener('controllerchange', () => {
    if (controlled && !told) {
      told = true;
      onNewRelease();
    }
    controlled = true;
  });
}

/** Whether a reload now would take something from someone: a file on its way, words in a field. */
export function isBusy(page: Document): boolean {
  if (page.documentElement.hasAttribute('data-sending')) return true;
  if (page.querySelector('form.edit, .tray-metadata, video:not([aria-hidden])')) return true;
  return [...page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].some(
    (field) => field.value !== field.defaultValue && field.type !== 'checkbox' && field.type !== 'radio',
  );
}
