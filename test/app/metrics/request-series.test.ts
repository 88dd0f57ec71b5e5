import { Registry } from '@prometheus-io/client';
import { expect, it } from 'vitest';
import { createRequestSeries } from '../../../app/metrics/request-series.ts';
import { parseExposition, sumOf } from '../../support/servers/exposition.ts';

const NAME = 'meemikansio_http_requests_total';

it('counts what has no series of its own under "other"', async () => {
  const registry = new Registry();
  const count = createRequestSeries(registry);
  for (let n = 0; n < 500; n++)
    count({ method: 'GET', route: `/r${n}`, status: 200 + (n % 4) * 100, seconds: 1 });
  const series = parseExposition(await registry.metrics());
  expect(series.length).toBeLessThanOrEqual(172);
  expect(sumOf(series, NAME)).toBe(500);
  expect(sumOf(series, NAME, { route: '/r0' })).toBe(1);
  expect(sumOf(series, NAME, { route: 'other' })).toBe(500 - 76);
});

it('keeps places for answers when strangers were refused on every route', async () => {
  const registry = new Registry();
  const count = createRequestSeries(registry);
  for (let n = 0; n < 500; n++) count({ method: 'GET', route: `/r${n}`, status: 404, seconds: 1 });
  for (let n = 0; n < 50; n++) count({ method: 'GET', route: `/r${n}`, status: 200, seconds: 1 });
  const series = parseExposition(await registry.metrics());
  expect(sumOf(series, NAME, { route: 'other' })).toBe(500 - 26);
  expect(sumOf(series, NAME, { route: '/r49', status: '2xx' })).toBe(1);
});

it('takes HEAD for GET, and unknown methods together', async () => {
  const registry = new Registry();
  const count = createRequestSeries(registry);
  for (const method of ['HEAD', 'GET', 'PROPFIND', 'MKCOL'])
    count({ method, route: '/*', status: 200, seconds: 0.02 });
  const series = parseExposition(await registry.metrics());
  expect(sumOf(series, NAME, { method: 'GET' })).toBe(2);
  expect(sumOf(series, NAME, { method: 'other', route: '/*' })).toBe(2);
  expect(sumOf(series, 'meemikansio_http_request_duration_seconds_bucket', { le: '0.01' })).toBe(0);
  expect(sumOf(series, 'meemikansio_http_request_duration_seconds_bucket', { le: '0.03' })).toBe(4);
});
