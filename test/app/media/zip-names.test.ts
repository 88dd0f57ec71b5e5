import { describe, expect, it } from 'vitest';
import { zipNames } from '../../../app/media/zip-names.ts';

const names = (...items: [title: string, original: string, ending?: string][]) =>
  zipNames(
    items.map(([title, original_name, ending = 'png'], i) => ({
      title,
      original_name,
      object_key: `key-${i}.${ending}`,
    })),
  );

describe('zipNames', () => {
  it('takes the title, else the name of the file, else the key, with the ending of the content', () => {
    expect(names(['Hyvää 🍀 huomenta', 'a.png'], ['', 'kissa.jpeg', 'webp'], ['', ''], ['', '...'])).toEqual([
      'Hyvää 🍀 huomenta.png',
      'kissa.webp',
      'key-2.png',
      'key-3.png',
    ]);
  });

  it('numbers what would have the same name, whatever its case or composition', () => {
    expect(names(['Ää', ''], ['ÄÄ', ''], ['a\u0308a\u0308', ''], ['ää (2)', ''], ['Ää', '', 'gif'])).toEqual([
      'Ää.png',
      'ÄÄ (2).png',
      'ää (3).png',
      'ää (2) (2).png',
      'Ää.gif',
    ]);
  });

  it.each([
    ['../../etc/passwd', 'etc passwd.png'],
    ['C:\\a|b?c*d"e<f>g', 'C a b c d e f g.png'],
    ['con', '_con.png'],
    ['LPT1.txt', '_LPT1.txt.png'],
    ['gnp\u202eexe', 'gnp exe.png'],
    ['\ud800 half', '\ufffd half.png'],
    ['.hidden. ', 'hidden.png'],
  ])('makes %j safe to unpack anywhere', (title, name) => expect(names([title, ''])).toEqual([name]));

  it('keeps a name within what file systems take, cut between characters', () => {
    const [name = ''] = names(['🍀'.repeat(120), '']);
    expect(name).toBe(`${'🍀'.repeat(50)}.png`);
    expect(names(['å'.repeat(200), ''])[0]).toBe(`${'å'.repeat(100)}.png`);
  });
});
