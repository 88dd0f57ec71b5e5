import { describe, expect, it } from 'vitest';
import { languageOf, preferred } from '../../../../app/ocr/recognize/language.ts';
import type { Reading } from '../../../../app/ocr/recognize/readings.ts';

const BOX = { left: 0, top: 0, right: 100, bottom: 20 };

function reading(text: string, confidence: number): Reading {
  const words = text.split(' ').map((word) => ({ text: word, confidence, box: BOX }));
  const letters = text.replaceAll(' ', '').length;
  return { ...BOX, words, confidence, letters, height: 20, tidy: true, score: letters * confidence };
}

describe('the language of a text', () => {
  it('is English when several of its commonest words are in it, and Finnish otherwise', () => {
    expect(languageOf([reading('this is the third time', 90)])).toBe('eng');
    expect(languageOf([reading('kolmas kerta toden sanoo', 90)])).toBe('fin');
    expect(languageOf([reading('se on the mutta ei muuta kuin sitä ja tätä', 90)])).toBe('fin');
  });
});

describe('of two readings of a line', () => {
  it('the surer one is kept', () => {
    expect(preferred(reading('trains', 60), reading('trains', 90), 'fin')?.confidence).toBe(90);
    expect(preferred(reading('junat', 90), reading('junet', 80), 'fin')?.words[0]?.text).toBe('junat');
  });

  it('the one with dots is kept unless the other one is much surer', () => {
    const dotted = reading('hyvää', 70);
    expect(preferred(dotted, reading('hyvaa', 90), 'fin')).toBe(dotted);
    expect(preferred(reading('cafä', 50), reading('cafe', 90), 'fin')?.words[0]?.text).toBe('cafe');
  });

  it('the one with more words is kept when both have the same letters, and all of its words are sure', () => {
    const split = reading('MY TO DO', 75);
    expect(preferred(reading('MYTO DO', 90), split, 'eng')).toBe(split);
    expect(preferred(split, reading('MYTODO', 95), 'eng')).toBe(split);
    expect(preferred(reading('MYTO DO', 90), reading('MY TO DO', 50), 'eng')?.words).toHaveLength(2);
  });
});
