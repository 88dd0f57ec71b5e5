import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Preloaded into a measured server (`node --import`). On SIGUSR2 it prints the longest event loop
 * delay since the last signal, in milliseconds.
 */
const RESOLUTION_MS = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
process.on('SIGUSR2', () => {
  process.stdout.write(`longest block ${(delay.max / 1e6 - RESOLUTION_MS).toFixed(1)} ms\n`);
  delay.reset();
});
