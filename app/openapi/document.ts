import { z } from 'zod';
import { errorBody } from '../http/errors.schema.ts';
import { OPERATIONS, type Operation } from './operations.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 accepts JSON Schema 2020-12, which zod writes. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Creates the OpenAPI 3.1 document of the API from the wire schemas:
 * https://spec.openapis.org/oas/v3.1.1
 */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const [method = '', route = ''] = name.split(' ');
    const path = (paths[`/api${route.replace(/:(\w+)/g, '{$1}')}`] ??= {});
    path[method.toLowerCase()] = describe(operation);
  }
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: DIALECT,
    info: {
      title: 'meemikansio',
      version: '1',
      description:
        'Sizes are bytes, durations milliseconds, times ISO 8601. Requests that change something need an Origin header of this site.',
    },
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'session' } },
      schemas: { Error: write(errorBody, 'output') },
    },
  };
}

function describe({ access, summary, params, query, body, form, answer, status }: Operation): Json {
  const parameters = [...inPlace(params, 'path'), ...inPlace(query, 'query')];
  return {
    summary,
    ...(access !== 'open' && { security: [{ session: [] }] }),
    ...(access === 'admin' && { description: 'For admins.' }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: content('application/json', write(body, 'input')) }),
    ...(form && { requestBody: content('multipart/form-data', write(form, 'input')) }),
    responses: {
      [status ?? (answer ? 200 : 204)]: { description: 'Done', ...contentOf(answer) },
      default: {
        description: 'An error: the code is for programs, the message for people',
        ...content('application/json', { $ref: '#/components/schemas/Error' }),
      },
    },
  };
}

const content = (type: string, schema: Json) => ({ content: { [type]: { schema } } });

function contentOf(answer: Operation['answer']): Json {
  if (answer === undefined) return {};
  if (typeof answer === 'string') return { content: { [answer]: {} } };
  return content('application/json', write(answer, 'output'));
}

function inPlace(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties, required } = written.parse(write(schema, 'input'));
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: field,
  }));
}

const written = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

/**
 * Converts a schema to JSON Schema. Parts that only code can express (a code of ours, a
 * transformation) stay open.
 */
function write(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
