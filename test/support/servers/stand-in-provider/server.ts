import { readFileSync } from 'node:fs';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import { decodeMessage, encodeMessage } from './protobuf.ts';
import { encodeProviderSchema, type ProviderSchema, type Schema } from './schema.ts';

/**
 * A provider for a real terraform or tofu binary that knows one provider's schema and no cloud.
 * Usage: `server.ts SCHEMA WORLD`, both JSON files. The binary itself is real: parsing, types,
 * references, validation of variables, conditions, plans, state. The cloud's answers come from
 * WORLD, which is read at every apply: `{ "resource_type": { "attribute": value } }`. Any other
 * computed value is made up. The value of `!error` is the reason why such a resource fails.
 *
 * It plans like the SDK under the Scaleway provider. The computed values of a new resource are
 * unknown; a changed resource keeps its values.
 *
 * Plugin protocol 6 over gRPC:
 * https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
 */

type Value = Record<string, unknown> | null;

const ERROR = '!error';

/** A value that is known only after apply. */
const UNKNOWN = Object.freeze({ unknown: true });

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: 0,
  encode: (value: unknown) => (value === UNKNOWN ? Uint8Array.of(0) : null),
  decode: () => UNKNOWN,
});
// An unknown value with partial knowledge ("not null", a prefix).
extensionCodec.register({ type: 12, encode: () => null, decode: () => UNKNOWN });

function isValue(value: unknown): value is Value {
  return value === null || typeof value === 'object';
}

/** Reads a DynamicValue: field 1 is msgpack. */
function readDynamic(bytes: Uint8Array | undefined): Value {
  const packed = bytes && decodeMessage(bytes).get(1);
  if (!packed) throw new Error('The request has no value.');
  const value = decode(packed, { extensionCodec });
  if (!isValue(value)) throw new Error('The value is no object.');
  return value;
}

const dynamic = (value: Value): Uint8Array => encodeMessage({ 1: encode(value, { extensionCodec }) });

/** Makes a computed attribute that WORLD does not mention. */
function invented(type: unknown, name: string): unknown {
  if (type === 'string') return `made-up-${name}`;
  if (type === 'number') return 0;
  if (type === 'bool') return false;
  return Array.isArray(type) && type[0] !== 'map' ? [] : {};
}

function plan(schema: Schema, prior: Value, proposed: Value): Value {
  if (!proposed || prior) return proposed;
  const planned = { ...proposed };
  for (const [name, attribute] of Object.entries(schema.block.attributes ?? {})) {
    if (attribute.computed && planned[name] === null) planned[name] = UNKNOWN;
  }
  return planned;
}

/** An error as the plugin protocol has it: severity, summary. */
const diagnostic = (summary: string): Uint8Array => encodeMessage({ 1: 1, 2: summary });

function apply(schema: Schema, planned: Value, world: Record<string, unknown>): Value {
  if (!planned) return null;
  const made = { ...planned };
  for (const [name, attribute] of Object.entries(schema.block.attributes ?? {})) {
    if (attribute.computed && Object.hasOwn(world, name)) made[name] = world[name];
    else if (made[name] === UNKNOWN) made[name] = invented(attribute.type, name);
  }
  return made;
}

type Method = (request: Map<number, Uint8Array>) => Uint8Array;

/** The calls of validate, plan, apply and destroy. An empty message means "no objections". */
function methods(schema: ProviderSchema, worldFile: string): Record<string, Method> {
  const typeOf = (request: Map<number, Uint8Array>): string => Buffer.from(request.get(1) ?? []).toString();
  const schemaOf = (request: Map<number, Uint8Array>): Schema => {
    const found = schema.resource_schemas[typeOf(request)];
    if (!found) throw new Error(`There is no resource ${typeOf(request)}.`);
    return found;
  };
  const answersOf = (request: Map<number, Uint8Array>): Record<string, unknown> => {
    const world: Record<string, Record<string, unknown>> = JSON.parse(readFileSync(worldFile, 'utf8'));
    return world[typeOf(request)] ?? {};
  };
  const nothing: Method = () => new Uint8Array();
  return {
    GetProviderSchema: () => encodeProviderSchema(schema),
    ValidateProviderConfig: nothing,
    ValidateResourceConfig: nothing,
    ValidateDataResourceConfig: nothing,
    ConfigureProvider: nothing,
    StopProvider: nothing,
    // Returns the stored state (JSON, field 1 of RawState) as the current state (field 2 of
    // DynamicValue).
    UpgradeResourceState: (request) =>
      encodeMessage({ 1: encodeMessage({ 2: decodeMessage(request.get(3) ?? new Uint8Array()).get(1) }) }),
    // A data source finds the world's answer.
    ReadDataSource: (request) => {
      const found = schema.data_source_schemas[typeOf(request)];
      const asked = readDynamic(request.get(2));
      if (!found || !asked) throw new Error(`There is no data source ${typeOf(request)}.`);
      return encodeMessage({ 1: dynamic(apply(found, plan(found, null, asked), answersOf(request))) });
    },
    ReadResource: (request) => encodeMessage({ 1: request.get(2) }),
    PlanResourceChange: (request) => {
      const planned = plan(schemaOf(request), readDynamic(request.get(2)), readDynamic(request.get(3)));
      return encodeMessage({ 1: dynamic(planned), 5: true });
    },
    ApplyResourceChange: (request) => {
      const answers = answersOf(request);
      const planned = readDynamic(request.get(3));
      if (planned && Object.hasOwn(answers, ERROR))
        return encodeMessage({ 1: request.get(2), 3: diagnostic(String(answers[ERROR])), 4: true });
      return encodeMessage({ 1: dynamic(apply(schemaOf(request), planned, answers)), 4: true });
    },
  };
}

/** gRPC puts a flag and a length before each message, and the status into trailers. */
function answer(stream: ServerHttp2Stream, body: Uint8Array | undefined, message: string): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
  const unimplemented = 12;
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': body ? '0' : String(unimplemented), 'grpc-message': message }),
  );
  if (!body) {
    stream.end();
    return;
  }
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([prefix, body]));
}

const [schemaFile, worldFile] = process.argv.slice(2);
if (!schemaFile || !worldFile) throw new Error('Usage: server.ts SCHEMA WORLD');
const schema: ProviderSchema = JSON.parse(readFileSync(schemaFile, 'utf8'));
const known = methods(schema, worldFile);

const server = createServer();
server.on('stream', (stream, headers) => {
  const path = headers[':path'] ?? '';
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    if (path === '/plugin.GRPCController/Shutdown') process.exit(0);
    const method = known[path.replace('/tfplugin6.Provider/', '')];
    if (!method) {
      answer(stream, undefined, `${path} is not part of the stand-in`);
      return;
    }
    answer(stream, method(decodeMessage(Buffer.concat(chunks).subarray(5))), '');
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('No TCP address.');
  // Core protocol 1, plugin protocol 6: go-plugin expects both on the first line.
  console.log(`1|6|tcp|127.0.0.1:${address.port}|grpc`);
});
