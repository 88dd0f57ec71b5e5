/** One series of the text format of Prometheus. */
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads the text format of Prometheus. Throws for a line that is none of it. */
export function parseExposition(text: string): Series[] {
  const series: Series[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', labels = '', value = ''] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === '') throw new Error(`This is no series: ${line}`);
    series.push({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text]),
      ),
      value: Number(value),
    });
  }
  return series;
}

/** Sums the series of that name whose labels include these. */
export const sumOf = (series: readonly Series[], name: string, labels: Record<string, string> = {}): number =>
  series
    .filter(
      (one) =>
        one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
