import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { addSummary, addWarning, step } from './actions.ts';

/**
 * The way past the scan of the image: known vulnerabilities that a person has accepted. Each has a
 * reason and a last day. From the next day on, the scan fails on it again.
 */

const FILE = '.github/scan-exceptions.json';
/** The scanner reads it in the folder where it runs. */
const CONFIG = '.grype.yaml';
/** An exception is a debt: it is looked at again within three months. */
const MAX_DAYS = 92;
const DAY_MS = 86_400_000;

const exceptions = z.array(
  z.strictObject({
    vulnerability: z.string().regex(/^(CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3})$/),
    reason: z.string().min(20),
    /** Last day: `2026-12-31`. */
    until: z.iso.date(),
  }),
);
export type ScanException = z.infer<typeof exceptions>[number];

/**
 * Reads the exceptions.
 *
 * @throws naming what is wrong with the file: an unknown name, a missing reason, a far day
 */
export function readExceptions(text: string, today: Date): ScanException[] {
  const found = exceptions.parse(JSON.parse(text));
  for (const { vulnerability, until } of found)
    if (new Date(until).getTime() - today.getTime() > MAX_DAYS * DAY_MS)
      throw new Error(`${vulnerability} is accepted until ${until}; at most ${MAX_DAYS} days are allowed.`);
  return found;
}

/** Returns the exceptions that hold today, and those whose last day is over. */
export function sortExceptions(found: readonly ScanException[], today: Date) {
  const day = today.toISOString().slice(0, 10);
  return {
    holding: found.filter(({ until }) => until >= day),
    over: found.filter(({ until }) => until < day),
  };
}

/**
 * Writes the scanner's configuration: JSON, which is YAML too.
 * https://oss.anchore.com/docs/guides/vulnerability/filter-results/
 */
export const scannerConfig = (holding: readonly ScanException[]): string =>
  JSON.stringify({ ignore: holding.map(({ vulnerability, reason }) => ({ vulnerability, reason })) });

if (import.meta.main) {
  await step(() => {
    const today = new Date();
    const { holding, over } = sortExceptions(readExceptions(readFileSync(FILE, 'utf8'), today), today);
    for (const { vulnerability, until } of over)
      addWarning(`${vulnerability} was accepted until ${until}. The scan fails on it again.`);
    for (const { vulnerability, until, reason } of holding)
      addSummary(`Accepted until ${until}: ${vulnerability} (${reason})`);
    writeFileSync(CONFIG, scannerConfig(holding));
  });
}
