/** Attributes of a span. No personal data and no secret: names, patterns, numbers. */
export type Attributes = Record<string, string | number | boolean>;

/** A piece of work that is measured. */
export interface Span {
  /** Names the span by what is known only at its end. */
  name(name: string): void;
  set(attributes: Attributes): void;
  /** Marks the work as failed. */
  fail(): void;
}

/** Measures pieces of work, one within the other. */
export interface Trace {
  /** Runs work as a span within the span around it. An error marks the span, and is thrown on. */
  run<Result>(
    name: string,
    kind: 'server' | 'consumer' | 'client',
    attributes: Attributes,
    work: (span: Span) => Promise<Result>,
  ): Promise<Result>;
  /** Records work that ended now, if a span is around it. */
  record(name: string, attributes: Attributes, milliseconds: number, failed: boolean): void;
}
