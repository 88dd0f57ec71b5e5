import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';
import { parseExposition, type Series } from '../../support/servers/exposition.ts';

const METRICS_TOKEN = 'm'.repeat(40);
/** Labels that Prometheus adds to every series. */
const OF_PROMETHEUS = ['instance', 'job'];
const docs = (name: string) => readFile(join(import.meta.dirname, '../../../docs', name), 'utf8');

const dashboardShape = z.looseObject({
  panels: z.array(
    z.looseObject({
      id: z.number(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
});

let app: TestApp;
let series: Series[];
let dashboard: z.infer<typeof dashboardShape>;
beforeAll(async () => {
  app = await createTestApp({ METRICS_TOKEN, OCR: 'off' });
  await app.admin();
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const answer = await app.visitor().request('/api/metrics', { headers });
  series = parseExposition(await answer.text());
  dashboard = dashboardShape.parse(JSON.parse(await docs('grafana-dashboard.json')));
});
afterAll(() => app[Symbol.asyncDispose]());

const namesIn = (text: string) => [...text.matchAll(/meemikansio_[a-z_]+/g)].map(([name]) => name);
const labelsOf = (name: string) =>
  new Set(series.filter((one) => one.name === name).flatMap(({ labels }) => Object.keys(labels)));

describe('the dashboard', () => {
  it('asks only for metrics that exist, by labels that they have', () => {
    const exposed = new Set(series.map(({ name }) => name));
    for (const { title, targets } of dashboard.panels) {
      for (const { expr, legendFormat } of targets) {
        const names = namesIn(expr);
        expect(names.length, title).toBeGreaterThan(0);
        for (const name of names) expect([...exposed], title).toContain(name);
        const known = [...names.flatMap((name) => [...labelsOf(name)]), ...OF_PROMETHEUS];
        const asked = [
          ...[...expr.matchAll(/(?:by|on|group_left) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
            list.split(', '),
          ),
          ...[...expr.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label),
          ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
        ];
        for (const label of asked) expect(known, `${title}: ${expr}`).toContain(label);
      }
    }
  });

  it('shows every metric', () => {
    const shown = new Set(
      dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))),
    );
    const family = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    expect([...new Set([...shown].map(family))].sort()).toEqual(
      [...new Set(series.map(({ name }) => family(name)))].sort(),
    );
  });

  it('has panels that do not overlap, within the 24 columns', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x} ${y}`), title).toBeUndefined();
          taken.set(`${x} ${y}`, title);
        }
    }
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('docs/signals.md has every metric', async () => {
  const table = [...(await docs('signals.md')).matchAll(/^\| (`[a-z_]+`(?:, `[a-z_]+`)*) +\|.*\|.*\|$/gm)];
  const documented = table.flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  const family = (name: string) => name.replace(/^meemikansio_/, '').replace(/_(bucket|sum|count)$/, '');
  expect(documented.toSorted()).toEqual([...new Set(series.map(({ name }) => family(name)))].sort());
});
