import { e2eOutcome, unitOutcome, type Outcome } from './report.ts';

/** One command of a test run. */
export interface Step {
  name: string;
  command: string;
  /** The path of the runner's JSON report, and the function that reads it. */
  report?: { path: string; read(path: string): Outcome };
}

/** `quick` is `npm test`, `further` is the rest of `npm run test:all`. */
export type Part = 'quick' | 'further' | 'all';

/** The vitest projects of `npm test`. The others, `long` and `image`, take minutes each. */
const QUICK_PROJECTS = ['app', 'mocks', 'client', 'stacks', 'commands', 'github'];

const PROVISION: Step = { name: 'provision', command: 'node test/support/provision.ts' };
const SPEED = '--config playwright.speed.config.ts';

/**
 * Returns the steps of a run, in order.
 * @param paths files or folders below test/; empty for all. Given paths make the check and the
 *   parts irrelevant.
 * @param results the folder for reports and traces
 */
export function planSteps(part: Part, paths: readonly string[], results: string): Step[] {
  const vitest = (name: string, options: string): Step => {
    const path = `${results}/${name}.json`;
    return {
      name,
      command: `vitest run --reporter=default --reporter=json --outputFile.json=${path} ${options}`,
      report: { path, read: unitOutcome },
    };
  };
  const playwright = (name: string, options: string): Step => {
    const path = `${results}/${name}.json`;
    return {
      name,
      command: `PLAYWRIGHT_JSON_OUTPUT_FILE=${path} playwright test --output=${results}/${name} ${options}`,
      report: { path, read: e2eOutcome },
    };
  };

  if (paths.length > 0) {
    const normal = paths.map((path) => path.replace(/^\.\//, ''));
    const [e2e, speed] = ['e2e', 'speed'].map((folder) =>
      normal.filter((path) => path.startsWith(`test/${folder}`)).join(' '),
    );
    const unit = normal.filter((path) => !/^test\/(e2e|speed)/.test(path)).join(' ');
    return [
      PROVISION,
      ...(unit ? [vitest('unit', unit)] : []),
      ...(e2e ? [playwright('e2e', e2e)] : []),
      ...(speed ? [playwright('speed', `${SPEED} ${speed}`)] : []),
    ];
  }
  const quick = [
    { name: 'check', command: 'node test/check.ts' },
    vitest('unit', QUICK_PROJECTS.map((project) => `--project=${project}`).join(' ')),
    playwright('e2e-smoke', '--grep @smoke'),
  ];
  const further = [
    vitest('long', '--project=long'),
    playwright('e2e', '--grep-invert @smoke'),
    // Runs alone, because it measures times.
    playwright('speed', SPEED),
    // Runs alone, because the build takes both cores.
    vitest('image', '--project=image'),
  ];
  return [PROVISION, ...(part === 'further' ? [] : quick), ...(part === 'quick' ? [] : further)];
}
