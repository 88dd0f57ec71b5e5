import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Trace } from '../util/trace.ts';

export interface TracingOptions {
  /** Address of the collector that takes traces: `…/v1/traces`. */
  url: string;
  /** Headers of each delivery. */
  headers: Record<string, string>;
  serviceName: string;
  revision: string;
  /** Part of the requests and jobs that are traced, 0 to 1. */
  ratio: number;
}

/** The traces of one process on their way to a collector. */
export interface Tracing extends Trace {
  /** Delivers what is left. A collector that does not answer loses it. */
  stop(): Promise<void>;
}

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT } as const;
/** The end of the process waits for the last delivery, within the limits of the platform. */
const LAST_DELIVERY_MS = 1000;

/** Starts the traces. Nothing of it is global: other code in the process is not traced. */
export function createTracing({ url, headers, serviceName, revision, ratio }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({ url, headers });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': revision }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('meemikansio');
  const around = new AsyncLocalStorage<Context>();

  return {
    run(name, kind, attributes, work) {
      const parent = around.getStore() ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent);
      const fail = () => void span.setStatus({ code: SpanStatusCode.ERROR });
      return around.run(trace.setSpan(parent, span), async () => {
        try {
          return await work({
            name: (text) => void span.updateName(text),
            set: (more) => void span.setAttributes(more),
            fail,
          });
        } catch (error) {
          // The kind of the error only: its message can hold an address or a name.
          span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
          fail();
          throw error;
        } finally {
          span.end();
        }
      });
    },
    record(name, attributes, milliseconds, failed) {
      const parent = around.getStore();
      if (!parent) return;
      const startTime = Date.now() - milliseconds;
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, startTime }, parent);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    async stop() {
      const waiting = new AbortController();
      const late = sleep(LAST_DELIVERY_MS, undefined, { signal: waiting.signal }).catch(() => {});
      await Promise.race([provider.shutdown(), late]);
      waiting.abort();
    },
  };
}
