import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsPage } from '../../../app/openapi/docs.html.ts';
import { apiDocument, openApiDocument } from '../../../app/openapi/document.ts';
import { jsonSchema, partsOf, typeOf } from '../../../app/openapi/schema-text.ts';
import { createApp } from '../../../app/app.ts';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
});
afterAll(() => app[Symbol.asyncDispose]());

const open = (query = '', headers: Record<string, string> = {}) =>
  app.visitor().request(`/api/docs${query}`, { headers });

describe('GET /api/docs', () => {
  it('lists every operation of the document with its access, scope, inputs, answers and errors', async () => {
    const page = await (await open()).text();
    for (const { operationId, method, path } of await app.operations()) {
      expect(page).toContain(`<details id="${operationId}"><summary><code>${method} ${path}</code>`);
      expect(page.split(`id="${operationId}"`).length, operationId).toBe(2);
    }
    const part = page.slice(page.indexOf('id="getMedia"')).split('</details>')[0] ?? '';
    for (const text of [
      'For signed-in users. Scope of the token: read.',
      '<code>limit?</code> <code class="soft">integer 1–100</code>',
      '<code>nextCursor</code> <code class="soft">string | null</code>',
      '<code>kind</code> <code class="soft">&quot;image&quot; | &quot;animation&quot; | &quot;video&quot;</code>',
    ])
      expect(part).toContain(text);
    expect(part).toMatch(/<code>400<\/code> <code class="soft">[^<]*invalid_cursor/);
    expect(page.slice(page.indexOf('id="postTokens"')).split('</details>')[0]).toContain(
      'No token may call it.',
    );
    expect(page.slice(page.indexOf('id="error-body"'))).toContain('<code>requestId</code>');
  });

  it('is in the language of the browser, or that of a link', async () => {
    const languageOf = async (answer: Promise<Response>) =>
      /<html lang="(\w+)">/.exec(await (await answer).text())?.[1];
    expect(await languageOf(open())).toBe('en');
    expect(await languageOf(open('', { 'accept-language': 'fi-FI,en;q=0.5' }))).toBe('fi');
    expect(await languageOf(open('?lang=en', { 'accept-language': 'fi' }))).toBe('en');
    expect(await languageOf(open('?lang=fi'))).toBe('fi');
    expect((await open('?lang=xx')).status).toBe(422);
    const vary = (await open('', { 'accept-encoding': 'gzip' })).headers.get('vary')?.toLowerCase() ?? '';
    expect(vary.split(/,\s*/).toSorted()).toEqual(['accept-encoding', 'accept-language']);
  });

  it('runs no script, and loads nothing from elsewhere', async () => {
    const answer = await open();
    const policy = answer.headers.get('content-security-policy') ?? '';
    const page = await answer.text();
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(
      policy
        .split(/;\s*/)
        .filter((part) => part !== '')
        .toSorted(),
    ).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      `style-src 'sha256-${hash}'`,
    ]);
    expect(page).not.toMatch(/<script|\son\w+=|style=/);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is compressed, as the document is', async () => {
    for (const path of ['/api/docs', '/api/openapi.json']) {
      const answer = await app.visitor().request(path, { headers: { 'accept-encoding': 'gzip' } });
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([path, answer.headers.get('content-encoding')]).toEqual([path, 'gzip']);
      expect(bytes.length).toBeLessThan(gunzipSync(bytes).length / 5);
    }
  });
});

describe('the page about the API', () => {
  it('escapes every text of the document', async () => {
    const document = await openApiDocument(createApp(app.deps));
    const hostile = '"><script>alert(1)</script>';
    const changed = JSON.stringify(document)
      .replaceAll('"summary":"One item"', `"summary":${JSON.stringify(hostile)}`)
      .replaceAll('"requestId":{', `${JSON.stringify(hostile)}:{`)
      .replaceAll('"limit"', JSON.stringify(hostile));
    const page = String(await docsPage(apiDocument.parse(JSON.parse(changed)), 'en'));
    expect(page).not.toContain('<script');
    expect(page.split('&lt;script&gt;').length).toBeGreaterThan(3);
  });
});

describe('typeOf', () => {
  it.each([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'uuid' }, 'uuid'],
    [{ type: 'string', maxLength: 60 }, 'string ≤ 60'],
    [{ type: 'integer', minimum: 1, maximum: 100 }, 'integer 1–100'],
    [{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, 'integer ≥ 0'],
    [{ type: 'number', maximum: 5 }, 'number ≤ 5'],
    [{ const: true }, 'true'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: ['string', 'null'], maxLength: 9 }, 'string ≤ 9 | null'],
    [{ type: 'array', items: { type: 'string' }, maxItems: 3 }, 'string[] ≤ 3'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, '("a" | "b")[]'],
    [{ type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }] }, '[integer, string]'],
    [{}, 'any'],
  ])('%j is %s', (schema, expected) => {
    expect(typeOf(schema)).toBe(expected);
  });

  it('takes a tuple without further elements', () => {
    const tuple = { type: 'array', prefixItems: [{ type: 'integer' }], items: false };
    expect(typeOf(jsonSchema.parse(tuple))).toBe('[integer]');
  });

  it('finds the properties of lists and alternatives', () => {
    const object = { type: 'object', properties: { a: {}, b: {} }, required: ['a'] };
    for (const schema of [object, { type: 'array', items: object }, { anyOf: [{ type: 'null' }, object] }])
      expect(partsOf(schema).map(({ name }) => name)).toEqual(['a', 'b?']);
  });
});
