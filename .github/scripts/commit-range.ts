import { spawnSync } from 'node:child_process';
import { required, setOutputs, step } from './actions.ts';

interface Range {
  /** The commit before the first new one: base of the pull request, or tip before the push. */
  base: string;
  head: string;
  /** Whether the clone has a commit. A forced push can replace the base; a new branch has none. */
  exists: (commit: string) => boolean;
}

/**
 * Returns the commit after which subjects are checked. Older history has subjects of other forms.
 * Without a base, only the last commit is checked.
 */
export const checkedSince = ({ base, head, exists }: Range): string => (exists(base) ? base : `${head}~1`);

const inClone = (commit: string): boolean =>
  spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`]).status === 0;

if (import.meta.main) {
  await step(() => {
    const [base, head] = [required('BASE'), required('HEAD')];
    setOutputs({ from: checkedSince({ base, head, exists: inClone }) });
  });
}
