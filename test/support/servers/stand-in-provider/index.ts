import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderSchema } from './schema.ts';

export interface StandInProvider {
  /** Fully qualified: `registry.opentofu.org/scaleway/scaleway`. */
  source: string;
  version: string;
  schema: ProviderSchema;
}

/** The cloud's answers: computed attributes by resource type. All other values are made up. */
type World = Record<string, Record<string, unknown>>;

export interface StandIns {
  /** Environment that makes a terraform or tofu binary use only these providers. */
  env: Record<string, string>;
  /** Changes the cloud's answers from the next apply on. */
  setWorld(world: World): Promise<void>;
}

const platform = (): string => `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** Installs stand-ins of providers (see `server.ts`) in a mirror under a folder. */
export async function installStandIns(
  folder: string,
  providers: readonly StandInProvider[],
): Promise<StandIns> {
  const mirror = join(folder, 'mirror');
  const worldFile = join(folder, 'world.json');
  for (const { source, version, schema } of providers) {
    const name = source.split('/').at(-1) ?? source;
    const home = join(mirror, source, version, platform());
    await mkdir(home, { recursive: true });
    const schemaFile = join(folder, `${name}.schema.json`);
    await writeFile(schemaFile, JSON.stringify(schema));
    const binary = join(home, `terraform-provider-${name}_v${version}`);
    const server = join(import.meta.dirname, 'server.ts');
    await writeFile(
      binary,
      `#!/bin/sh\nexec "${process.execPath}" "${server}" "${schemaFile}" "${worldFile}"\n`,
    );
    await chmod(binary, 0o755);
  }
  const configFile = join(folder, 'cli.tfrc');
  await writeFile(
    configFile,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
  );
  await writeFile(worldFile, '{}');
  return {
    env: {
      TF_CLI_CONFIG_FILE: configFile,
      // The stand-ins speak gRPC without TLS, on the loopback interface.
      TF_DISABLE_PLUGIN_TLS: '1',
    },
    setWorld: (world) => writeFile(worldFile, JSON.stringify(world)),
  };
}
