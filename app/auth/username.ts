import prototypes from './confusables.json' with { type: 'json' };

/**
 * Which letters, marks and digits look like which others, inverted: prototype → all that look like it. From the
 * confusables data of UTS #39 (Unicode 15.0), https://www.unicode.org/reports/tr39/#Confusable_Detection, cut down to the
 * characters that a username can have after NFKC. Unicode License v3.
 */
const prototypeOf = new Map(
  Object.entries(prototypes).flatMap(([prototype, all]) =>
    Array.from(all, (character): [string, string] => [character, prototype]),
  ),
);

/**
 * What two usernames are compared by at sign-in: compatibility forms folded, without case. Upper case comes first, because
 * it folds what has two lower-case forms (ß and ss, the two sigmas).
 */
export const usernameKey = (username: string): string =>
  username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

/**
 * What a username looks like, without case: the skeleton of UTS #39 §4. Two names with one skeleton are doubles to the
 * eye (`paypal` and `pаypal` with a Cyrillic а, `m` and `rn`, `l` and `1`), so only one of them may exist. Capitals look
 * like other letters than their small ones do (`I` like `l`): a name is compared both as written and by its key.
 */
export const usernameSkeleton = (username: string): string =>
  Array.from(
    username.normalize('NFKC').normalize('NFD'),
    (character) => prototypeOf.get(character) ?? character,
  )
    .join('')
    .normalize('NFD')
    .toLowerCase();
