import type { Operation } from './contract.ts';
import { inputSchema, type InputSchema, type Values } from './values.ts';

/** A request of an operation, made from the API document. */
export interface MadeRequest {
  method: string;
  /** Path and query. */
  address: string;
  headers: Record<string, string>;
  body: string | FormData | undefined;
  /** The value of a JSON body that was sent as JSON. */
  json: unknown;
}

/** Bytes that a form sends as its file. */
type File = () => Promise<Blob>;

interface Making {
  values: Values;
  /** An address of the operation that names something, or nothing. */
  address: string;
  file: File;
}

/** Makes a request that mostly fits the description of the operation. */
export const fittingRequest = (operation: Operation, making: Making): Promise<MadeRequest> =>
  makeRequest(operation, making, false);

/** Makes a request that is broken somewhere: path, query, body, or how the body is sent. */
export const brokenRequest = (operation: Operation, making: Making): Promise<MadeRequest> =>
  makeRequest(operation, making, true);

async function makeRequest(operation: Operation, making: Making, breaks: boolean): Promise<MadeRequest> {
  const { values } = making;
  const inPath = operation.parameters.some((one) => one.in === 'path');
  const inQuery = operation.parameters.some((one) => one.in === 'query');
  const places = [
    ...(inPath ? ['path'] : []),
    ...(inQuery ? ['query', 'query'] : []),
    ...(operation.requestBody ? ['body', 'body', 'body'] : []),
  ];
  const place = breaks && places.length > 0 ? values.pick(places) : null;
  const path = pathOf(operation, making, place === 'path');
  const query = queryOf(operation, values, place === 'query');
  // The address of a thing can bring a query of its own.
  const address = query === '' ? path : `${path.replace(/\?.*/, '')}?${query}`;
  const body = await bodyOf(operation, making, place === 'body');
  return { method: operation.method, address, ...body };
}

function pathOf({ path, parameters }: Operation, { values, address }: Making, breaks: boolean): string {
  const named = parameters.filter((one) => one.in === 'path');
  if (!breaks) return address;
  return named.reduce((filled, { name, schema }) => {
    const fitting = values.fitting(inputSchema.parse(schema), name);
    const value = values.below(2) === 0 ? fitting : values.broken(fitting);
    return filled.replace(`{${name}}`, () => encoded(value) || 'x');
  }, path);
}

function queryOf({ parameters }: Operation, values: Values, breaks: boolean): string {
  const named = parameters.filter((one) => one.in === 'query');
  return named
    .filter((one) => one['required'] === true || values.below(3) > 0)
    .flatMap(({ name, schema }) => {
      const fitting = values.fitting(inputSchema.parse(schema), name);
      const value = breaks && values.below(2) === 0 ? values.broken(fitting) : fitting;
      const each: unknown[] = Array.isArray(value) ? value : [value];
      return each.map((one) => `${name}=${encoded(one)}`);
    })
    .join('&');
}

/** A value as text, such as forms and addresses carry. */
const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();
const encoded = (value: unknown): string => encodeURIComponent(textOf(value));

type Body = Pick<MadeRequest, 'headers' | 'body' | 'json'>;
const NO_BODY: Body = { headers: {}, body: undefined, json: undefined };

async function bodyOf({ requestBody }: Operation, making: Making, breaks: boolean): Promise<Body> {
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
  if (type === undefined) return NO_BODY;
  const schema = inputSchema.parse(content?.schema);
  if (type === 'application/json') return jsonOf(schema, making.values, breaks);
  const fields = formOf(schema, making.values, breaks);
  if (type === 'application/x-www-form-urlencoded') {
    const texts = fields.map(([name, value]) => [name, textOf(value)]);
    return { ...NO_BODY, headers: { 'content-type': type }, body: new URLSearchParams(texts).toString() };
  }
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, textOf(value));
  const { values } = making;
  if (!breaks || values.below(2) === 0) form.append('file', await making.file(), 'meme.png');
  else form.append('file', new Blob([values.pick(['', 'GIF89a', '<svg/>', 'x'.repeat(9000)])]), 'x.gif');
  return { ...NO_BODY, body: form };
}

function jsonOf(schema: InputSchema, values: Values, breaks: boolean): Body {
  const fitting = values.fitting(schema);
  const headers = { 'content-type': 'application/json' };
  const json = breaks ? values.broken(fitting) : fitting;
  const text = JSON.stringify(json);
  if (!breaks || values.below(5) > 0) return { headers, body: text, json };
  return values.pick<Body>([
    { ...NO_BODY, headers },
    { ...NO_BODY, headers, body: text.slice(0, -1) },
    { ...NO_BODY, headers, body: `${text}${text}` },
    { ...NO_BODY, headers, body: '\u0000' },
    { ...NO_BODY, headers: { 'content-type': 'text/plain' }, body: text },
    { ...NO_BODY, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
  ]);
}

/** Makes the fields of a form without its file. */
function formOf(schema: InputSchema, values: Values, breaks: boolean): [string, unknown][] {
  const fields = Object.entries(schema.properties ?? {}).filter(([, one]) => one.format !== 'binary');
  return fields.map(([name, one]) => {
    const fitting = values.fitting(one, name);
    return [name, breaks && values.below(2) === 0 ? values.broken(fitting) : fitting];
  });
}
