import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type GaugeConfiguration, type Registry } from '@prometheus-io/client';

/** Nanoseconds of a second. */
const NANOSECONDS = 1e9;
/** Microseconds of a second. */
const MICROSECONDS = 1e6;
/** Interval of the samples, in milliseconds: a task of half that length goes unseen. */
const RESOLUTION_MS = 20;

/** Gauges of this process, read at each scrape. Returns the end of the measurement. */
export function createProcessGauges(registry: Registry, revision: string): () => void {
  const gauge = <Label extends string>(
    config: Omit<GaugeConfiguration<Label>, 'registers'> & ThisType<Gauge<Label>>,
  ) => new Gauge<Label>({ ...config, registers: [registry] });
  gauge({
    name: 'meemikansio_build_info',
    help: 'Commit of the running build; the value is 1.',
    labelNames: ['revision'],
  }).set({ revision }, 1);
  gauge({
    name: 'meemikansio_start_time_seconds',
    help: 'Moment of the start, since 1970.',
  }).set(performance.timeOrigin / 1000);
  gauge({
    name: 'meemikansio_cpu_seconds',
    help: 'CPU time since the start, of the server without its child processes.',
    collect() {
      const { user, system } = process.cpuUsage();
      this.set((user + system) / MICROSECONDS);
    },
  });
  gauge({
    name: 'meemikansio_memory_bytes',
    help: 'Memory of the server without its child processes.',
    labelNames: ['kind'],
    collect() {
      const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
      this.set({ kind: 'rss' }, rss);
      this.set({ kind: 'heap_total' }, heapTotal);
      this.set({ kind: 'heap_used' }, heapUsed);
      this.set({ kind: 'external' }, external);
    },
  });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  gauge({
    name: 'meemikansio_event_loop_delay_seconds',
    help: 'Delay of the event loop since the scrape before.',
    labelNames: ['stat'],
    collect() {
      // Each sample includes the interval itself.
      const late = (nanoseconds: number) =>
        Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000) || 0;
      this.set({ stat: 'mean' }, late(delay.mean));
      this.set({ stat: 'p99' }, late(delay.percentile(99)));
      this.set({ stat: 'max' }, late(delay.max));
      delay.reset();
    },
  });
  return () => void delay.disable();
}
