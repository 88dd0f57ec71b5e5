import type { Page } from 'playwright/test';

/** The app as a browser installs it: its service worker, caches and share target. */
export class AppPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the service worker controls this page. */
  async controlled(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }

  /** Posts what the system's share sheet posts, as a navigation of the page. */
  async share(
    fields: Record<string, string>,
    files: readonly { name: string; buffer: Buffer }[] = [],
  ): Promise<void> {
    const given = files.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') }));
    await Promise.all([
      this.page.waitForURL((url) => url.pathname === '/'),
      this.page.evaluate(
        ([texts, pictures]) => {
          const form = document.createElement('form');
          form.method = 'post';
          form.enctype = 'multipart/form-data';
          form.action = '/share';
          for (const [name, value] of Object.entries(texts)) {
            const input = document.createElement('input');
            input.name = name;
            input.value = value;
            form.append(input);
          }
          const picker = document.createElement('input');
          picker.type = 'file';
          picker.name = 'files';
          picker.multiple = true;
          const data = new DataTransfer();
          for (const { name, base64 } of pictures) {
            const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
            data.items.add(new File([content], name, { type: 'image/png' }));
          }
          picker.files = data.files;
          form.append(picker);
          document.body.append(form);
          form.submit();
        },
        [fields, given] as const,
      ),
    ]);
  }

  /** Returns the names of the browser's caches, and the number of entries in each. */
  kept(): Promise<Record<string, number>> {
    return this.page.evaluate(async () => {
      const names = await caches.keys();
      const counts = names.map(async (name) => [name, (await (await caches.open(name)).keys()).length]);
      return Object.fromEntries(await Promise.all(counts));
    });
  }

  /** Returns the number of items in the kept copy of the folder; `null` without a copy. */
  keptItems(): Promise<number | null> {
    return this.page.evaluate(async () => {
      if (!(await caches.has('folder'))) return null;
      const cache = await caches.open('folder');
      const [copy] = await cache.keys();
      const answer = copy && (await cache.match(copy));
      return answer ? (await answer.json()).list.items.length : null;
    });
  }
}
