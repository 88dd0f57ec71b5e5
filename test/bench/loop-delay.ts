import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into a server that is measured (`node --import`): on SIGUSR2 it prints the longest time that the event loop did not
 * turn since the signal before, in milliseconds.
 */
const RESOLUTION_MS = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
process.on('SIGUSR2', () => {
  process.stdout.write(`longest block ${(delay.max / 1e6 - RESOLUTION_MS).toFixed(1)} ms\n`);
  delay.reset();
});
