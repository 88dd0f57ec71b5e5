/**
 * Calls back once when a worker of another release takes control of a controlled page. A page's
 * first worker has the same release and does not count.
 */
export function onReleased(
  container: { readonly controller: object | null } & Pick<EventTarget, 'addEventListener'>,
  onNewRelease: () => void,
): void {
  let controlled = container.controller !== null;
  let notified = false;
  container.addEventListener('controllerchange', () => {
    if (controlled && !notified) {
      notified = true;
      onNewRelease();
    }
    controlled = true;
  });
}

/** Whether a reload would lose something: a running upload or typed text. */
export function isBusy(page: Document): boolean {
  if (page.documentElement.hasAttribute('data-sending')) return true;
  if (page.querySelector('form.edit, .tray-metadata, video:not([aria-hidden])')) return true;
  return [...page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].some(
    (field) => field.value !== field.defaultValue && field.type !== 'checkbox' && field.type !== 'radio',
  );
}
