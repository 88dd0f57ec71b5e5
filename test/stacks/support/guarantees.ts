import { isDeepStrictEqual } from 'node:util';
import { get, isObject, type Json, type JsonObject } from './stack-json.ts';

/** A guarantee of a stack: a check of its JSON, and changes that the check must detect. */
export interface Guarantee {
  title: string;
  /** Returns the violations; empty if the guarantee holds. */
  check: (stack: JsonObject) => string[];
  /** Changes that break the guarantee, by name. */
  broken: Record<string, (stack: JsonObject) => void>;
}

/** Checks that the value at a path equals the expected one. */
export function mustBe(stack: JsonObject, path: string, expected: Json): string[] {
  const found = get(stack, path);
  if (isDeepStrictEqual(found, expected)) return [];
  return [`${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
}

/** Checks that a statement about the stack is true. */
export const must = (holds: boolean, otherwise: string): string[] => (holds ? [] : [otherwise]);

/** Combines several checks into one. */
export const all = (...found: string[][]): string[] => found.flat();

/** Returns the object at a path; an empty object if there is none. */
export function objectAt(stack: JsonObject, path: string): JsonObject {
  const found = get(stack, path);
  return isObject(found) ? found : {};
}

/** Returns the text at a path, empty if there is none. */
export function textAt(json: Json, path: string): string {
  const found = get(json, path);
  return typeof found === 'string' ? found : '';
}

/** One statement of a bucket policy. */
export interface PolicyStatement {
  principal: string;
  actions: string[];
  resources: string[];
  effect: string;
}

const texts = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

/** Returns the statements of the bucket policy at an address (`media_policy`). */
export function policyStatements(stack: JsonObject, name: string): PolicyStatement[] {
  const policy = get(stack, `resource.scaleway_object_bucket_policy.${name}.policy`);
  const parsed: JsonObject = typeof policy === 'string' ? JSON.parse(policy) : {};
  const statements = parsed['Statement'];
  return (Array.isArray(statements) ? statements : []).filter(isObject).map((statement) => {
    const principal = statement['Principal'];
    return {
      principal: texts(isObject(principal) ? principal['SCW'] : principal).join(', '),
      actions: texts(statement['Action']),
      resources: texts(statement['Resource']),
      effect: texts(statement['Effect']).join(', '),
    };
  });
}

/** Changes the bucket policy at an address, as text. */
export function editPolicy(stack: JsonObject, name: string, from: string, to: string): void {
  const body = objectAt(stack, `resource.scaleway_object_bucket_policy.${name}`);
  const policy = body['policy'];
  if (typeof policy !== 'string' || !policy.includes(from))
    throw new Error(`The policy does not say ${from}.`);
  body['policy'] = policy.replace(from, to);
}
