import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MAX_COLUMNS = 100;
const MAX_WORDS = 20;

interface Comment {
  /** `file:line` of its first line. */
  place: string;
  lines: string[];
}

/** Returns the comments that begin a line. Migrations are frozen, and `*.gen.ts` is generated. */
function commentsOf(file: string, source: string): Comment[] {
  const found: Comment[] = [];
  let current: Comment | undefined;
  let kind: 'line' | 'block' | undefined;
  for (const [index, line] of source.split('\n').entries()) {
    const text = line.trim();
    const begins = text.startsWith('//') ? 'line' : text.startsWith('/*') ? 'block' : undefined;
    if (kind !== 'block' && (begins === 'block' || begins !== kind)) {
      current = begins && { place: `${file}:${index + 1}`, lines: [] };
      kind = begins;
      if (current) found.push(current);
    }
    current?.lines.push(line);
    if (kind === 'block' && text.endsWith('*/')) kind = current = undefined;
  }
  return found;
}

/** Returns the sentences of a comment. Names in backticks, links and addresses are one word. */
function sentencesOf({ lines }: Comment): string[] {
  const text = lines
    .map((line) => line.trim().replace(/^(?:\/\*\*?|\*\/|\*|\/\/+) ?/, ''))
    .map((line) => line.replace(/\*\/$/, ''))
    .join('\n')
    // Indented lines are code.
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/^@example[^]*?(?=^@|$(?![^]))/gm, '')
    .replaceAll(/^(?=@\w)/gm, '\n\n')
    .replaceAll(/^ *(?:[-*]|\d+\.) /gm, '\n\n')
    .replaceAll(/\{@link (\w+)\}/g, '$1')
    .replaceAll(/`[^`]*`|https?:\/\/[^\s)]*[^\s).,;:]/g, 'X');
  return text.split(/\n\s*\n/).flatMap((paragraph) =>
    paragraph
      .replaceAll(/\s+/g, ' ')
      .trim()
      .split(/(?<=[.!?])\s+(?=[A-Z"“(\d])/),
  );
}

const wordsOf = (sentence: string): number => sentence.split(' ').filter((word) => /\w/.test(word)).length;

const files = execFileSync('git', ['ls-files', '*.ts', '*.tsx', '*.js'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('migrations/') && !file.endsWith('.gen.ts'));
const comments = files.flatMap((file) => commentsOf(file, readFileSync(join(ROOT, file), 'utf8')));

const offenders = (offends: (sentence: string) => boolean) =>
  comments.flatMap((comment) =>
    sentencesOf(comment)
      .filter(offends)
      .map((sentence) => `${comment.place}: ${sentence}`),
  );

describe('comments', () => {
  it(`are at most ${MAX_COLUMNS} columns wide, addresses apart`, () => {
    const wide = comments.flatMap(({ place, lines }) =>
      lines.some((line) => line.length > MAX_COLUMNS && !line.includes('http')) ? [place] : [],
    );
    expect(comments.length).toBeGreaterThan(2000);
    expect(wide).toEqual([]);
  });

  it(`have sentences of at most ${MAX_WORDS} words`, () => {
    expect(offenders((sentence) => wordsOf(sentence) > MAX_WORDS)).toEqual([]);
  });

  it('have no sentence that begins with a clause of who, what or where', () => {
    const clause = /^(?:Who|Whom|Whose|What|Where)(?:ever)?\b(?!.*\?$)/;
    expect(offenders((sentence) => clause.test(sentence))).toEqual([]);
  });
});
