import { join } from 'node:path';
import { App } from 'cdktf';
import { BootstrapStack } from './bootstrap.stack.ts';
import { environmentNamed, environments, shared } from './environments.ts';
import { placeLocks } from './locks.ts';
import { ProductionStack } from './production.stack.ts';

/**
 * Synthesizes each environment to `cdktf.out/stacks/<name>/cdk.tf.json`. `cdktf synth` runs it and
 * sets the folder.
 */
const app = new App();
new BootstrapStack(app, 'bootstrap', { settings: shared, environments });
for (const name of Object.keys(environments)) {
  new ProductionStack(app, name, { settings: shared, environment: environmentNamed(name) });
}
app.synth();

placeLocks(join(import.meta.dirname, 'locks'), join(app.outdir, 'stacks'));
