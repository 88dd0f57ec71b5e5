import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

// Checks the links in the documents.

const ROOT = join(import.meta.dirname, '../..');

/** Removes code from a text: fenced blocks, indented blocks and code spans hold no links. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]+`/g, '');

/** Returns the targets of all links and pictures of a page, without web addresses. */
const linksOf = (text: string): string[] =>
  Array.from(withoutCode(text).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g), ([, link = '']) => link);

/**
 * Returns the anchors that GitHub gives to the headings of a page. A repeated heading gets a
 * number.
 */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  for (const [, heading = ''] of headings) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * Returns the links of a page that have no target.
 *
 * @param page path of the page, relative to the root of the repository
 */
function brokenLinks(page: string, text: string): string[] {
  return linksOf(text).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(ROOT, target))) return true;
    if (anchor === undefined) return false;
    const content = target === page ? text : readFileSync(join(ROOT, target), 'utf8');
    return !anchorsOf(content).has(anchor);
  });
}

const pages = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: ROOT })
  // CHANGELOG.md repeats commit subjects, whose paths may be gone since.
  .filter((name) => name !== 'CHANGELOG.md')
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

describe('links of the documents', () => {
  it('are looked for in every page', () => {
    const names = pages.map(({ name }) => name);
    for (const name of ['README.md', 'docs/search.md', 'docs/decisions/README.md'])
      expect(names).toContain(name);
    expect(pages.flatMap(({ text }) => linksOf(text)).length).toBeGreaterThan(50);
  });

  it.each(pages)('lead somewhere: $name', ({ name, text }) => {
    expect(brokenLinks(name, text)).toEqual([]);
  });

  it('are reported when file or anchor is missing', () => {
    const text =
      '# Here\n\n[a](#here) [b](#there) [c](docs/absent.md) [d](docs/search.md#no-such) `[e](no.md)`\n';
    expect(brokenLinks('README.md', text)).toEqual(['#there', 'docs/absent.md', 'docs/search.md#no-such']);
  });

  it('reach every decision from the list', () => {
    const list = pages.find(({ name }) => name === 'docs/decisions/README.md')?.text ?? '';
    const decisions = globSync('[0-9]*.md', { cwd: join(ROOT, 'docs/decisions') });
    expect(linksOf(list).toSorted()).toEqual(decisions.toSorted());
  });
});
