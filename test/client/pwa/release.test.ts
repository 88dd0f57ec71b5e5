import { describe, expect, it } from 'vitest';
import { onReleased } from '../../../client/pwa/release.ts';
import { scriptOf } from '../../../client/pwa/reload.ts';

/** Makes a page's view of its service workers. */
function container(controlled: boolean) {
  const target = new EventTarget();
  return Object.assign(target, {
    controller: controlled ? {} : null,
    take: () => void target.dispatchEvent(new Event('controllerchange')),
  });
}

describe('a new release', () => {
  it('is told once, when another worker takes over', () => {
    const workers = container(true);
    let told = 0;
    onReleased(workers, () => (told += 1));
    workers.take();
    workers.take();
    expect(told).toBe(1);
  });

  it('is not what the first worker of a page is', () => {
    const workers = container(false);
    let told = 0;
    onReleased(workers, () => (told += 1));
    workers.take();
    expect(told).toBe(0);
    workers.take();
    expect(told).toBe(1);
  });

  it('is known by the script in the page', () => {
    const page = (name: string) =>
      `<script>document.title</script><script type="module" crossorigin src="${name}"></script>`;
    expect(scriptOf(page('/assets/first-a.js'))).toBe('/assets/first-a.js');
    expect(scriptOf('<p>503</p>')).toBeNull();
  });
});
