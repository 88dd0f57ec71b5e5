import { parseArgs } from 'node:util';
import { measureLabelledSet } from '../support/media/labelled-set.ts';

/**
 * `npm run bench -- labelled [--templates 100] [--set report]`: makes a labelled set of memes.
 * It tells the number of copies found as the same meme, and of pairs found by mistake.
 * Rules are tuned on the set `tune`.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { templates: { type: 'string', default: '100' }, set: { type: 'string', default: 'tune' } },
});
const { copies, otherWords, unrelated } = await measureLabelledSet(
  Number(values.templates),
  values.set === 'report' ? 'report' : 'tune',
);
for (const [way, { pairs, found }] of copies)
  process.stdout.write(`${way}: ${found} of ${pairs} are the same meme\n`);
const all = [...copies.values()];
const sum = (of: 'pairs' | 'found') => all.reduce((total, way) => total + way[of], 0);
process.stdout.write(`all copies: ${((100 * sum('found')) / sum('pairs')).toFixed(1)} %\n`);
process.stdout.write(
  `other words: ${otherWords.alike} of ${otherWords.pairs} are alike, ${otherWords.wrong} the same meme\n`,
);
process.stdout.write(
  `unrelated: ${unrelated.wrong} of ${unrelated.pairs} pairs are alike; of one scene, ${unrelated.sameScene}\n`,
);
