import { findSchema } from './conformity.ts';
import { blocks, get, isObject, strings, type Json, type JsonObject } from './stack-json.ts';

/** Returns the texts between `${` and `}`. Nested ones stay within the outer one. */
function expressions(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let position = 0; position < text.length; position++) {
    if (text.startsWith('${', position) && text[position - 1] !== '$') {
      if (depth++ === 0) start = position + 2;
      position++;
    } else if (depth > 0 && text[position] === '{') {
      depth++;
    } else if (depth > 0 && text[position] === '}' && --depth === 0) {
      found.push(text.slice(start, position));
    }
  }
  return found;
}

function checkAttribute(
  stack: JsonObject,
  kind: 'resource' | 'data',
  type: string,
  attribute: string,
): boolean {
  const block = findSchema(stack, kind, type)?.block;
  return block?.attributes?.[attribute] !== undefined || block?.block_types?.[attribute] !== undefined;
}

function checkExpression(stack: JsonObject, path: string, expression: string): string[] {
  const problems: string[] = [];
  for (const [, name = ''] of expression.matchAll(/\bvar\.(\w+)/g)) {
    if (get(stack, `variable.${name}`) === undefined) problems.push(`${path}: there is no variable ${name}`);
  }
  for (const [, data, type = '', name = '', attribute = ''] of expression.matchAll(
    /\b(data\.)?((?:scaleway|aws|terraform)_\w+)\.(\w+)\.(\w+)/g,
  )) {
    const kind = data ? 'data' : 'resource';
    if (get(stack, `${kind}.${type}.${name}`) === undefined)
      problems.push(`${path}: there is no ${type}.${name}`);
    else if (!checkAttribute(stack, kind, type, attribute))
      problems.push(`${path}: ${type} has no ${attribute}`);
  }
  return problems;
}

function checkDependencies(stack: JsonObject, path: string, dependencies: Json | undefined): string[] {
  if (!Array.isArray(dependencies)) return [];
  return dependencies
    .filter((address) => typeof address !== 'string' || get(stack, `resource.${address}`) === undefined)
    .map((address) => `${path}: depends on ${JSON.stringify(address)}, which is not there`);
}

/**
 * Checks that a stack contains everything it refers to: variables, resources, attributes and
 * dependencies. `self` must have the attributes it is asked for.
 *
 * @returns the problems; empty if there are none
 */
export function checkReferences(stack: JsonObject): string[] {
  const problems: string[] = [];
  for (const [path, text] of strings(stack)) {
    // cdktf's placeholder for an unresolved value.
    if (/TfToken\[/.test(text)) problems.push(`${path}: an unresolved token`);
    for (const expression of expressions(text)) problems.push(...checkExpression(stack, path, expression));
  }
  for (const { type, name, body } of blocks(stack, 'resource')) {
    const path = `${type}.${name}`;
    problems.push(...checkDependencies(stack, path, body['depends_on']));
    const lifecycle = body['lifecycle'];
    for (const [at, text] of strings(isObject(lifecycle) ? lifecycle : {})) {
      for (const [, attribute = ''] of text.matchAll(/\bself\.(\w+)/g)) {
        if (!checkAttribute(stack, 'resource', type, attribute)) {
          problems.push(`${path}.lifecycle.${at}: ${type} has no ${attribute}`);
        }
      }
    }
  }
  return problems;
}

/** Patterns of content that a committed or printed stack must not hold. */
const CONFIDENTIAL: [what: string, pattern: RegExp][] = [
  ['a Scaleway access key', /\bSCW[A-Z0-9]{17}\b/],
  [
    'a UUID (secret key, project, organization, application)',
    /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i,
  ],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['an AWS account id', /(?<![\d.])\d{12}(?![\d.])/],
  ['a hosted zone id', /\bZ(?=[A-Z]*\d)[A-Z0-9]{10,31}\b/],
  ['a connection string with a password', /postgres(?:ql)?:\/\/[^\s:"]+:[^\s@"]+@(?!HOST)/],
  ['a private key', /-----BEGIN/],
  ['a path of this machine', /(?:^|["\s=])\/(?:home|root|Users|tmp)\//],
];

/** Looks for secrets, account ids and local paths in a stack's text. */
export function findConfidential(stack: JsonObject): string[] {
  const text = JSON.stringify(stack, null, 1);
  const found = CONFIDENTIAL.flatMap(([what, pattern]) => (pattern.test(text) ? [`holds ${what}`] : []));
  return text.includes(process.cwd()) ? [...found, 'holds a path of this machine'] : found;
}
