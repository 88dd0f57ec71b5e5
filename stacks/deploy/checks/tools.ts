import { z } from 'zod';
import { Problem } from '../problem.ts';
import type { Check, World } from '../step.ts';

/** As in `base.stack.ts`: the first OpenTofu that locks a state with a file. */
const OPENTOFU = { major: 1, minor: 10 };

const version = z.object({ terraform_version: z.string() });

interface Tool {
  command: string;
  args: readonly string[];
  /** Its source. */
  from: string;
}

const TOOLS: readonly Tool[] = [
  { command: 'git', args: ['--version'], from: 'https://git-scm.com' },
  { command: 'gh', args: ['--version'], from: 'https://cli.github.com' },
  { command: 'tofu', args: ['version', '-json'], from: 'https://opentofu.org/docs/intro/install/' },
  { command: 'aws', args: ['--version'], from: 'https://aws.amazon.com/cli/' },
];

async function requireTofu(on: World): Promise<void> {
  const { stdout } = await on.run('tofu', ['version', '-json']);
  const found = version.parse(JSON.parse(stdout)).terraform_version;
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major < OPENTOFU.major || (major === OPENTOFU.major && minor < OPENTOFU.minor))
    throw new Problem(`OpenTofu ${found} is too old: install 1.10 or newer.`);
}

/** The commands that the deployment needs, and whether they are signed in. */
export const tools: Check = {
  title: 'Tools',
  async run(on) {
    const missing: Tool[] = [];
    for (const tool of TOOLS) if ((await on.run(tool.command, tool.args)).code !== 0) missing.push(tool);
    if (missing.length > 0)
      throw new Problem(
        `Install what is missing: ${missing.map(({ command, from }) => `${command} (${from})`).join(', ')}.`,
      );
    await requireTofu(on);
    if ((await on.run('gh', ['auth', 'status'])).code !== 0)
      throw new Problem('gh is not signed in to GitHub: run "gh auth login".');
    if ((await on.run('aws', ['sts', 'get-caller-identity'])).code !== 0)
      throw new Problem(
        'aws is not signed in: run "aws configure" or "aws sso login", for the account with the zone.',
      );
    return `${TOOLS.map(({ command }) => command).join(', ')}; gh and aws are signed in`;
  },
};
