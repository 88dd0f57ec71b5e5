/**
 * Strong and weak grade of the consonants before the last vowel. A grade with two weak forms
 * appears twice.
 */
const GRADES: readonly (readonly [strong: string, weak: string])[] = [
  ...(['lt ll', 'nt nn', 'rt rr', 'mp mm', 'nk ng', 'ht hd', 'lp lv', 'rp rv', 't d', 'p v'] as const),
  ...(['lk l', 'lk lj', 'rk r', 'rk rj', 'hk h', 'hk hj'] as const),
].map((pair) => {
  const [strong = '', weak = ''] = pair.split(' ');
  return [strong, weak] as const;
});

/**
 * Splits a stem at the consonants between its last two vowels. The i of the plural belongs to the
 * end.
 */
function grading(stem: string): { start: string; middle: string; end: string } | null {
  const plural = /^(.*[aeiouy])([^aeiouy]+)([aeouy]i)$/.exec(stem);
  const [, start = '', middle = '', end = ''] =
    plural ?? /^(.*[aeiouy])([^aeiouy]*)([aeiouy])$/.exec(stem) ?? [];
  return start === '' ? null : { start, middle, end };
}

/**
 * Returns the weak grades of a stem: katu → kadu, joki → joi, poika → poja, puku → puvu, kauppa →
 * kaupa.
 *
 * The stem itself is included, because loans do not weaken: auto → auto.
 */
export function weakened(stem: string): string[] {
  const found = grading(stem);
  if (!found) return [stem];
  const { start, middle, end } = found;
  if (/(kk|pp|tt)$/.test(middle)) return [start + middle.slice(0, -1) + end];
  const weak = GRADES.flatMap(([from, to]) => (middle === from ? [start + to + end] : []));
  if (middle === 'k') {
    weak.push(start + end);
    if (/[aeo]i$/.test(start)) weak.push(`${start.slice(0, -1)}j${end}`);
    if (/[uy]$/.test(start) && start.at(-1) === end) weak.push(`${start}v${end}`);
  }
  return middle.length === 1 || weak.length === 0 ? [...weak, stem] : weak;
}

/**
 * Returns the strong grades of a stem: kadu → katu, sate → satte.
 *
 * The stem itself is included, because the weak grade is not always visible.
 */
export function strengthened(stem: string): string[] {
  const found = grading(stem);
  if (!found) return [stem];
  const { start, middle, end } = found;
  const strong = GRADES.flatMap(([to, from]) => (middle === from ? [start + to + end] : []));
  if (/[kpt]$/.test(middle) && !/(kk|pp|tt)$/.test(middle))
    strong.push(start + middle + middle.slice(-1) + end);
  // The form kaa does not come from kaka. But vaa'a comes from vaaka: an apostrophe separates its
  // three vowels.
  if (middle === '' && (start.at(-1) !== end || start.at(-2) === end)) strong.push(`${start}k${end}`);
  if (middle === 'j') strong.push(`${start}ik${end}`);
  if (middle === 'v' && /[uy]$/.test(start) && start.at(-1) === end) strong.push(`${start}k${end}`);
  return [stem, ...strong];
}
