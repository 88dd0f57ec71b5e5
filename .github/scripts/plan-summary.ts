import { releaseInputs, type ReleaseInput } from '../../stacks/release.inputs.ts';

/** A comment holds 65,536 characters; the fence and the heading need some. */
const MAX_SUMMARY_CHARACTERS = 60_000;
/** Redacting shorter values would blacken half the text, and they are no secrets. */
const MIN_SECRET_CHARACTERS = 6;

/**
 * Renders a plan as Markdown for everybody who can read the repository. OpenTofu hides values
 * marked sensitive; this also redacts a secret that entered another way.
 *
 * @param secrets values that must not appear
 */
export function planSummary(plan: string, secrets: readonly string[]): string {
  let text = plan.replaceAll(/`{3,}/g, "'''");
  for (const secret of secrets
    .filter((value) => value.length >= MIN_SECRET_CHARACTERS)
    .sort((a, b) => b.length - a.length)) {
    text = text.replaceAll(secret, '(secret)').replaceAll(encodeURIComponent(secret), '(secret)');
  }
  const cut = text.length > MAX_SUMMARY_CHARACTERS;
  const last = /^(Plan: .*|No changes\..*)$/m.exec(text)?.[1] ?? 'Plan';
  return [
    `### ${last}`,
    '',
    '<details><summary>Details</summary>',
    '',
    '```',
    cut
      ? `${text.slice(0, MAX_SUMMARY_CHARACTERS)}\n… ${text.length - MAX_SUMMARY_CHARACTERS} more characters`
      : text.trimEnd(),
    '```',
    '',
    '</details>',
    '',
  ].join('\n');
}

/** Returns the secrets among the values that a run of OpenTofu is given. */
export const secretValues = (env: NodeJS.ProcessEnv): string[] =>
  Object.values<ReleaseInput>(releaseInputs)
    .filter(({ kind }) => kind === 'secret')
    .flatMap(({ becomes }) => becomes.map((name) => env[name] ?? ''))
    .filter((value) => value !== '');
