import prototypes from './confusables.json' with { type: 'json' };

/**
 * The confusable characters, inverted: prototype → all characters that look like it. The source is
 * the confusables data of UTS #39 (Unicode 15.0):
 * https://www.unicode.org/reports/tr39/#Confusable_Detection. It keeps only characters that a
 * username can have after NFKC. Unicode License v3.
 */
const prototypeOf = new Map(
  Object.entries(prototypes).flatMap(([prototype, all]) =>
    Array.from(all, (character): [string, string] => [character, prototype]),
  ),
);

/**
 * Returns the key by which sign-in compares usernames: NFKC, without case. Upper case comes first:
 * it folds characters with two lower-case forms (ß and ss, the two sigmas).
 */
export const usernameKey = (username: string): string =>
  username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

/**
 * Returns the skeleton of a username (UTS #39 §4), without case.
 *
 * Names with one skeleton look alike, so only one of them may exist. Examples are `paypal` and
 * `pаypal` with a Cyrillic а, `m` and `rn`, `l` and `1`. A capital can resemble other letters than
 * its small letter does (`I` like `l`). A name is therefore compared both as written and by its
 * key.
 */
export const usernameSkeleton = (username: string): string =>
  Array.from(
    username.normalize('NFKC').normalize('NFD'),
    (character) => prototypeOf.get(character) ?? character,
  )
    .join('')
    .normalize('NFD')
    .toLowerCase();
