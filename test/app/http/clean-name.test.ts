import { expect, it } from 'vitest';
import { cleanName } from '../../../app/http/multipart.ts';

it.each([
  ['👨‍👩‍👧.jpg', '👨‍👩‍👧.jpg'],
  ['🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️.png', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️.png'],
  ['a\u200d\u202eb\u{e0061}.png', 'ab.png'],
  ['/tmp/x\u0000y.gif', 'xy.gif'],
])('a file named %j is called %j', (name, kept) => expect(cleanName(name)).toBe(kept));
