import { App, Testing, type TerraformStack } from 'cdktf';
import { BootstrapStack } from '../../../stacks/bootstrap.stack.ts';
import { environments, shared, type Environment, type SharedSettings } from '../../../stacks/environments.ts';
import { ProductionStack } from '../../../stacks/production.stack.ts';

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export interface Settings {
  settings?: SharedSettings;
  environments?: Record<string, Environment>;
}

const parse = (stack: TerraformStack): JsonObject => JSON.parse(Testing.synth(stack));

/** Returns the bootstrap stack as in `cdk.tf.json`. */
export function bootstrapJson(given: Settings = {}): JsonObject {
  const props = { settings: given.settings ?? shared, environments: given.environments ?? environments };
  return parse(new BootstrapStack(new App(), 'bootstrap', props));
}

/** Returns an environment's stack as in `cdk.tf.json`. */
export function environmentJson(name: string, environment: Environment, settings = shared): JsonObject {
  return parse(new ProductionStack(new App(), name, { settings, environment }));
}

export const productionJson = (): JsonObject => environmentJson('production', environments.production);

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a stack without cdktf's metadata. */
export function withoutMetadata(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(entries.map(([key, item]): [string, Json] => [key, withoutMetadata(item)]));
}

/**
 * Returns the value at a path such as `resource.scaleway_container.app_container.scaling_option.0`,
 * or undefined.
 */
export function get(json: Json, path: string): Json | undefined {
  let found: Json | undefined = json;
  for (const key of path.split('.')) {
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** Returns the object or list that holds the last part of a path. */
function parentOf(json: Json, path: string): [parent: JsonObject | Json[], key: string] {
  const cut = path.lastIndexOf('.');
  const parent = cut < 0 ? json : get(json, path.slice(0, cut));
  if (!Array.isArray(parent) && !isObject(parent))
    throw new Error(`There is nothing at ${path.slice(0, cut)}.`);
  return [parent, path.slice(cut + 1)];
}

/** Sets a value at a path whose parent exists. */
export function set(json: Json, path: string, value: Json): void {
  const [parent, key] = parentOf(json, path);
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

/** Removes the value at a path; throws if there is none. */
export function remove(json: Json, path: string): void {
  if (get(json, path) === undefined) throw new Error(`There is nothing at ${path}.`);
  const [parent, key] = parentOf(json, path);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Yields every string in a value, with its path. */
export function* strings(value: Json, path = ''): Generator<[path: string, text: string]> {
  if (typeof value === 'string') {
    yield [path, value];
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key !== '//') yield* strings(item, path === '' ? key : `${path}.${key}`);
    }
  }
}

/** Yields every resource or data source: its type, name and body. */
export function* blocks(
  json: JsonObject,
  kind: 'resource' | 'data',
): Generator<{ type: string; name: string; body: JsonObject }> {
  const types = json[kind];
  if (!isObject(types)) return;
  for (const [type, named] of Object.entries(types)) {
    if (!isObject(named)) continue;
    for (const [name, body] of Object.entries(named)) {
      // cdktf writes a list where a name may repeat.
      for (const item of Array.isArray(body) ? body : [body])
        if (isObject(item)) yield { type, name, body: item };
    }
  }
}
