import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderSchema } from '@cdktf/commons';

/**
 * Makes the typed bindings of the Scaleway provider in `.gen/` from the committed schema, because no
 * `@cdktf/provider-scaleway` package exists and `cdktf get` would need a network and the provider's binary.
 * `node stacks/generate.ts` does nothing (some 40 ms) while the bindings belong to the schema and generator at hand.
 */

const SOURCE = 'registry.opentofu.org/scaleway/scaleway';

/** Exactly the version whose schema is committed: what the conformity test proves holds for no other. */
const VERSION = '2.81.0';

const root = join(import.meta.dirname, '..');
const schemaFile = join(import.meta.dirname, 'scaleway.schema.json');
const bindings = join(root, '.gen');
const stampFile = join(bindings, 'stamp');

/** Identifies everything that the bindings are made from: schema, this file and the generator's version. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const generator = join(root, 'node_modules/@cdktf/provider-generator/package.json');
  for (const file of [schemaFile, import.meta.filename, generator]) hash.update(await readFile(file));
  return hash.digest('hex');
}

/**
 * Generated code follows its generator's taste, not our compiler flags: it uses parameter properties and leaves
 * out `override`. Its types are still checked wherever a stack uses them.
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
 * The generator's packages run `terraform version` as they are loaded, print its complaints and report its absence over
 * the network. No terraform is needed here: while they load, it is a command that says nothing, and nothing is reported.
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
 * Brings `.gen/` up to date.
 *
 * @returns whether anything had to be generated.
 */
export async function generateBindings(): Promise<boolean> {
  const wanted = await fingerprint();
  if ((await readStamp()) === wanted) return false;

  // Made aside and moved in whole: a run that is broken off, or two at once, never leave half a set with a good stamp.
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
    // Another run moved its own set in between: the same one, or this is a real failure.
    if ((await readStamp()) !== wanted) throw error;
    await rm(draft, { recursive: true, force: true });
  }
  return true;
}

if (process.argv[1] === import.meta.filename) {
  const made = await generateBindings();
  console.log(made ? `.gen: bindings of ${SOURCE} ${VERSION}` : '.gen: up to date');
}
