import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  openApiDocument,
  type DocumentOperation,
  type OpenApiDocument,
} from '../../../app/openapi/document.ts';

/** An operation of the API document with its method in upper case and its path template. */
export interface Operation extends DocumentOperation {
  method: string;
  path: string;
}

/** Lists the operations of a document. */
const operationsOf = ({ paths }: OpenApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );

/** The answers of the API are held against its document. */
export interface Contract {
  operations: readonly Operation[];
  /**
   * Throws unless the document has the status of an answer, its media type and its body. An answer
   * of an address that is no route passes.
   */
  check(method: string, pathname: string, response: Response): Promise<void>;
}

/** Creates the contract of an app. */
export const createContract = async (app: Parameters<typeof openApiDocument>[0]): Promise<Contract> =>
  contractOf(await openApiDocument(app));

/** Creates the contract of a document. */
export function contractOf(document: OpenApiDocument): Contract {
  const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  const compiled = new WeakMap<object, ValidateFunction>();
  // A literal segment wins over a parameter.
  const operations = operationsOf(document);
  const routes = operations
    .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
    .toSorted((a, b) => a.operation.path.split('{').length - b.operation.path.split('{').length);

  function validatorOf(schema: object): ValidateFunction {
    const known = compiled.get(schema);
    if (known) return known;
    const created = ajv.compile({ ...schema, components: document.components });
    compiled.set(schema, created);
    return created;
  }

  return {
    operations,
    async check(method, pathname, response) {
      const wanted = method === 'HEAD' ? 'GET' : method;
      const route = routes.find(
        ({ operation, pattern }) => operation.method === wanted && pattern.test(pathname),
      );
      if (!route) return;
      const name = `${wanted} ${route.operation.path}`;
      const answer = route.operation.responses[String(response.status)];
      if (!answer) throw new Error(`${name}: status ${response.status} is not in the API document`);
      if (method === 'HEAD' || response.headers.has('content-encoding')) return;
      if (!answer.content) {
        if (response.body && (await response.clone().text()) !== '')
          throw new Error(`${name}: ${response.status} has a body, not in the API document`);
        return;
      }
      const type = (response.headers.get('content-type') ?? '').replace(/;.*/, '');
      const content = answer.content[type] ?? answer.content['*/*'];
      if (!content) throw new Error(`${name}: ${response.status} with "${type}" is not in the API document`);
      if (!content.schema) return;
      const valid = validatorOf(content.schema);
      const body: unknown = await response.clone().json();
      if (!valid(body))
        throw new Error(
          `${name}: ${response.status} is not as in the API document: ${ajv.errorsText(valid.errors)}\n${JSON.stringify(body)}`,
        );
    },
  };
}

const patternOf = (path: string) =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
