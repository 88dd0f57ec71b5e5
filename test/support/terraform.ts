import { spawn, spawnSync } from 'node:child_process';

/**
 * Finds OpenTofu, else Terraform. No package registry has either, so a machine may lack both.
 * @returns the absolute path: a test may put a command of the same name first on the PATH
 */
export function findTerraform(): string | undefined {
  const pathOf = (name: string) =>
    spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
  return ['tofu', 'terraform']
    .map(pathOf)
    .find((path) => path !== '' && spawnSync(path, ['version'], { stdio: 'ignore' }).status === 0);
}

export const NO_TERRAFORM = 'neither tofu nor terraform is on the PATH';

export interface Outcome {
  code: number | null;
  /** Standard output and standard error in their order. */
  output: string;
  milliseconds: number;
}

/** Runs a command of OpenTofu or Terraform in a folder, without prompts and colours. */
export function runTerraform(
  binary: string,
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        TF_IN_AUTOMATION: '1',
        TF_INPUT: '0',
        TF_CLI_ARGS: '-no-color',
        CHECKPOINT_DISABLE: '1',
        ...env,
      },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, milliseconds: performance.now() - started }));
  });
}
