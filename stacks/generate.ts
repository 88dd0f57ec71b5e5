import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderSchema } from '@cdktf/commons';

/**
 * Generates the typed bindings of the Scaleway provider in `.gen/` from the committed schema. No
 * `@cdktf/provider-scaleway` package exists, and `cdktf get` needs a network and the provider's
 * binary. `node stacks/generate.ts` does nothing (about 40 ms) while the bindings match the schema
 * and generator.
 */

const SOURCE = 'registry.opentofu.org/scaleway/scaleway';

/** The version of the committed schema. The conformity test proves no other version. */
const VERSION = '2.81.0';

const root = join(import.meta.dirname, '..');
const schemaFile = join(import.meta.dirname, 'scaleway.schema.json');
const bindings = join(root, '.gen');
const stampFile = join(bindings, 'stamp');

/** Identifies all inputs of the bindings: the schema, this file and the generator's version. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const generator = join(root, 'node_modules/@cdktf/provider-generator/package.json');
  for (const file of [schemaFile, import.meta.filename, generator]) hash.update(await readFile(file));
  return hash.digest('hex');
}

/**
 * Exempts generated code from our compiler flags: it uses parameter properties and omits
 * `override`. The stacks that use its types still check them.
 */
async function exemptFromTypeCheck(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    await writeFile(file, `// @ts-nocheck\n${await readFile(file, 'utf8')}`);
  }
}

async function readStamp(): Promise<string | undefined> {
  try {
    return await readFile(stampFile, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Loads the generator's packages. At load they run `terraform version`, print its errors and report
 * its absence over the network. No terraform is needed here, so it is replaced by a silent command
 * and reporting is off.
 */
async function loadGenerator() {
  const before = { ...process.env };
  process.env['TERRAFORM_BINARY_NAME'] = 'true';
  process.env['CHECKPOINT_DISABLE'] = '1';
  try {
    return { ...(await import('@cdktf/commons')), ...(await import('@cdktf/provider-generator')) };
  } finally {
    process.env = before;
  }
}

async function generateInto(folder: string): Promise<void> {
  const {
    CodeMaker,
    ConstructsMakerProviderTarget,
    Language,
    TerraformProviderConstraint,
    TerraformProviderGenerator,
  } = await loadGenerator();

  const schema: ProviderSchema = JSON.parse(await readFile(schemaFile, 'utf8'));
  const generator = new TerraformProviderGenerator(new CodeMaker(), schema);
  generator.versions[SOURCE] = VERSION;
  generator.generate(
    new ConstructsMakerProviderTarget(
      new TerraformProviderConstraint(`${SOURCE}@${VERSION}`),
      Language.TYPESCRIPT,
    ),
  );
  await generator.save(folder);
}

/**
 * Updates `.gen/`.
 *
 * @returns whether anything had to be generated
 */
export async function generateBindings(): Promise<boolean> {
  const wanted = await fingerprint();
  if ((await readStamp()) === wanted) return false;

  // Generates a draft and moves it in whole. Aborted or concurrent runs never leave half a set with
  // a valid stamp.
  const draft = `${bindings}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await generateInto(draft);
  await exemptFromTypeCheck(draft);
  await writeFile(join(draft, 'stamp'), wanted);
  await rm(bindings, { recursive: true, force: true });
  try {
    await rename(draft, bindings);
  } catch (error) {
    // Another run moved its own set in between. If the stamps differ, the failure is real.
    if ((await readStamp()) !== wanted) throw error;
    await rm(draft, { recursive: true, force: true });
  }
  return true;
}

if (process.argv[1] === import.meta.filename) {
  const made = await generateBindings();
  console.log(made ? `.gen: bindings of ${SOURCE} ${VERSION}` : '.gen: up to date');
}
