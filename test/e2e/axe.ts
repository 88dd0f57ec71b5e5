import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';

/** The rules of axe whose result depends on colours, and so on the theme. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

interface Options {
  /** CSS selector of the looked-at part; the whole page by default. */
  within?: string;
  /** Rules to look at: WCAG 2.2 A and AA, and axe's best practices by default. */
  rules?: string[];
}

/** Lists what axe finds on the current page, by rule, with the elements. */
export async function axeFindings(page: Page, { within, rules }: Options = {}): Promise<string[]> {
  // The pages have no frames of another origin, which alone need a further page for the results.
  let axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (within !== undefined) axe = axe.include(within);
  if (rules) axe = axe.withRules(rules);
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
