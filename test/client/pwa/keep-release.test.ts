import { describe, expect, it } from 'vitest';
import { keepRelease } from '../../../client/pwa/keep-release.ts';

class Page extends EventTarget {
  hidden = false;
  hide(): void {
    this.hidden = true;
    this.dispatchEvent(new Event('visibilitychange'));
  }
  show(): void {
    this.hidden = false;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

/** A container whose worker takes control when told to. It notes the messages of the page. */
class Container extends EventTarget {
  readonly messages: unknown[] = [];
  controller: { postMessage(message: unknown): void } | null = null;
  take(): void {
    this.controller = { postMessage: (message) => this.messages.push(message) };
    this.dispatchEvent(new Event('controllerchange'));
  }
}

const loaded = () => ['/assets/first-abc.js'];

describe('the files of a release', () => {
  it('are cached at a first visit as far as the page has loaded them', () => {
    const container = new Container();
    keepRelease(container, new Page(), loaded);
    expect(container.messages).toEqual([]);
    container.take();
    expect(container.messages).toEqual([{ keep: ['/assets/first-abc.js'] }]);
  });

  it('are all cached at a later visit', () => {
    const container = new Container();
    container.take();
    keepRelease(container, new Page(), loaded);
    expect(container.messages).toEqual([{ keep: 'all' }]);
  });

  it('are all cached once the page is put away', () => {
    const container = new Container();
    const page = new Page();
    keepRelease(container, page, loaded);
    page.hide();
    expect(container.messages).toEqual([]);
    container.take();
    page.show();
    page.hide();
    expect(container.messages).toEqual([{ keep: ['/assets/first-abc.js'] }, { keep: 'all' }]);
  });
});
