/**
 * `node app/local/launch.js start|dev|cli …`: the entry of the npm scripts. Written in JavaScript
 * of 2020, so that any old Node can explain why it cannot run the app.
 */
const NEEDED = [24, 7]; // Argon2 in node:crypto

const [major, minor] = process.versions.node.split('.').map(Number);
const tooOld = major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
const [command, ...rest] = process.argv.slice(2);
if (tooOld) {
  process.stderr.write(
    `meemikansio needs Node ${NEEDED.join('.')} or newer and this is ${process.versions.node}: run npm ci, which brings one, and then npm ${command === 'cli' ? 'run cli' : command === 'dev' ? 'run dev' : 'start'}.\n`,
  );
  process.exitCode = 1;
} else {
  // Keeps compiled modules, also for child processes: to load the app takes half the time then.
  const { enableCompileCache } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  const cache = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));
  process.env.NODE_COMPILE_CACHE ??= cache;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv.splice(1, 2, new URL(import.meta.url).pathname);
  process.argv.splice(2, process.argv.length, ...rest);
  await import(command === 'dev' ? '../../client/dev.ts' : `./${command}.ts`);
}
