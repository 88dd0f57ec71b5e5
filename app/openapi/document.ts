import { Hono } from 'hono';
import type { RouterRoute } from 'hono/types';
import { generateSpecs } from 'hono-openapi';
import { z } from 'zod';
import type { Access, RouteScope } from '../http/describe.ts';
import { ERROR_STATUS, errorBody, isErrorCode, type ErrorCode } from '../http/errors.schema.ts';
import { TOKEN_SCOPES } from '../http/scopes.limits.ts';
import { TOKEN_PREFIX } from '../tokens/token-format.ts';

/** OpenAPI 3.1 accepts JSON Schema 2020-12, which zod writes. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const ACCESS_TEXT: Record<Access, string> = {
  open: 'For everybody.',
  member: 'For signed-in users.',
  owner: 'For the owner and for admins.',
  admin: 'For admins.',
};

const scopeText = (scope: RouteScope): string =>
  scope === 'any'
    ? ''
    : scope === 'none'
      ? ' No token may call it.'
      : ` A token needs the scope \`${scope}\`.`;

const bodies = z.record(z.string(), z.looseObject({ schema: z.looseObject({}).optional() }));

const described = z.looseObject({
  summary: z.string(),
  'x-access': z.enum(['open', 'member', 'owner', 'admin']),
  'x-scope': z.enum([...TOKEN_SCOPES, 'any', 'none']),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query']), schema: z.looseObject({}) }))
    .default([]),
  requestBody: z.looseObject({ required: z.boolean(), content: bodies }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: bodies.optional() })),
});
/** An operation, as hono-openapi merges it from the middlewares of a route. */
const mergedOperation = described.extend({ 'x-errors': z.array(z.custom<ErrorCode>(isErrorCode)) });
const mergedPaths = z.record(z.string(), z.record(z.string(), mergedOperation));

const documentOperation = described.extend({ operationId: z.string() });

/** The document: {@link DocumentOperation} by path and lower-case method. */
export const apiDocument = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), documentOperation)),
  components: z.record(z.string(), z.unknown()),
});

/** One operation of the document. */
export type DocumentOperation = z.infer<typeof documentOperation>;
export type OpenApiDocument = z.infer<typeof apiDocument>;

/**
 * Generates the OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1) of an app from the
 * guards, validators and body limits of its routes.
 *
 * @example
 * const document = await openApiDocument(createApp(deps));
 */
export async function openApiDocument({ routes }: { routes: RouterRoute[] }): Promise<OpenApiDocument> {
  const app = new Hono();
  app.routes = routes;
  const {
    paths,
    components: _none,
    ...document
  } = await generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      openapi: '3.1.1',
      jsonSchemaDialect: DIALECT,
      info: {
        title: 'meemikansio',
        version: '1',
        description:
          'Sizes are bytes, durations milliseconds, times ISO 8601. A program sends a personal API token, made under Account. A request with the cookie of a session needs an Origin header of this site if it changes something.',
      },
    },
  });
  // Drops what is `undefined`.
  const merged = mergedPaths.parse(JSON.parse(JSON.stringify(paths)));
  return {
    ...document,
    paths: mapValues(merged, (operations, path) =>
      mapValues(operations, (operation, method) => finish(method, path, operation)),
    ),
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: `${TOKEN_PREFIX}…`,
          description: `A personal API token. Its scopes are some of ${TOKEN_SCOPES.join(', ')}.`,
        },
      },
      schemas: { Error: errorSchema() },
    },
  };
}

function finish(
  method: string,
  path: string,
  { 'x-errors': errors, ...operation }: z.infer<typeof mergedOperation>,
): DocumentOperation {
  return {
    ...operation,
    operationId: operationId(method, path),
    tags: [path.split('/')[2] ?? ''],
    description: ACCESS_TEXT[operation['x-access']] + scopeText(operation['x-scope']),
    responses: withErrors(
      operation.responses,
      errorResponses([...errors, ...validationErrors(operation)].filter((code) => mayHappen(code, method))),
    ),
  };
}

type Responses = DocumentOperation['responses'];

/** Adds the errors. A status may have a page for people beside the JSON for programs. */
function withErrors(answers: Responses, errors: Responses): Responses {
  const both = mapValues(answers, (answer, status) =>
    answer.content && errors[status]?.content
      ? { ...errors[status], content: { ...errors[status].content, ...answer.content } }
      : answer,
  );
  return { ...errors, ...both };
}

/** Returns `getMediaById` for `GET /api/media/{id}`. */
const operationId = (method: string, path: string): string =>
  method +
  path
    .replace(/^\/api/, '')
    .replace(/\{(\w)/g, (_, first: string) => `By${first.toUpperCase()}`)
    .replace(/\W+(\w?)/g, (_, first: string) => first.toUpperCase());

/** Lists the errors of the validators whose input the operation describes. */
function validationErrors({ parameters, requestBody }: z.infer<typeof described>): ErrorCode[] {
  const types = Object.keys(requestBody?.content ?? {});
  return [
    ...parameters.map((parameter) => (parameter.in === 'path' ? 'not_found' : 'invalid_field')),
    ...types.flatMap((type): ErrorCode[] => ERRORS_OF_BODY[type] ?? []),
    ...(requestBody?.required && types.includes('application/json') ? (['body_missing'] as const) : []),
  ];
}

const ERRORS_OF_BODY: Record<string, ErrorCode[]> = {
  'application/json': ['invalid_json', 'invalid_field'],
  'application/x-www-form-urlencoded': ['invalid_request', 'invalid_field'],
};

/** Browsers send no Origin header with a request that changes nothing. */
const mayHappen = (code: ErrorCode, method: string) => code !== 'foreign_origin' || method !== 'get';

/** Returns the error answers by status; any route may fail with 500. */
function errorResponses(errors: readonly ErrorCode[]): Responses {
  const codes = Map.groupBy(new Set<ErrorCode>([...errors, 'internal']), (code) => ERROR_STATUS[code]);
  return Object.fromEntries(
    [...codes].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/json': {
            schema: {
              allOf: [{ $ref: '#/components/schemas/Error' }],
              properties: { code: { enum: ofStatus } },
            },
          },
        },
      },
    ]),
  );
}

/** The body of every error. Its code is for programs, its message for people. */
function errorSchema() {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(errorBody, {
    io: 'output',
    unrepresentable: 'any',
  });
  return {
    ...schema,
    properties: { ...schema.properties, code: { type: 'string', enum: Object.keys(ERROR_STATUS) } },
  };
}

const mapValues = <From, To>(
  record: Record<string, From>,
  change: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
