import { findSchema } from './conformity.ts';
import { blocks, get, isObject, remove, set, type JsonObject } from './stack-json.ts';
import { all, must, mustBe, objectAt, textAt, type Guarantee } from './guarantees.ts';

const scaleway = 'terraform.required_providers.scaleway';

/** Returns the first resource that names its project. */
function firstWithProject(stack: JsonObject): JsonObject {
  for (const { body } of blocks(stack, 'resource')) if (body['project_id'] !== undefined) return body;
  throw new Error('No resource names its project.');
}

/** The guarantees of every stack. */
export const commonGuarantees: Guarantee[] = [
  {
    title: 'asks for OpenTofu 1.10 or newer',
    check: (stack) => mustBe(stack, 'terraform.required_version', '>= 1.10'),
    broken: { 'any version will do': (stack) => remove(stack, 'terraform.required_version') },
  },
  {
    title: 'names its providers in full and pins their versions',
    check: (stack) =>
      Object.entries(objectAt(stack, 'terraform.required_providers')).flatMap(([name, provider]) =>
        all(
          must(
            /^registry\.opentofu\.org\/[\w-]+\/[\w-]+$/.test(textAt(provider, 'source')),
            `the source of ${name} means different things to different tools`,
          ),
          must(/^\d+\.\d+\.\d+$/.test(textAt(provider, 'version')), `the version of ${name} floats`),
        ),
      ),
    broken: {
      'a source is short': (stack) => set(stack, `${scaleway}.source`, 'scaleway/scaleway'),
      'a version floats': (stack) => set(stack, `${scaleway}.version`, '~> 2.81'),
      'a version is missing': (stack) => remove(stack, `${scaleway}.version`),
    },
  },
  {
    title: 'says of every resource which project and region it belongs to',
    check: (stack) =>
      [...blocks(stack, 'resource')].flatMap(({ type, name, body }) => {
        const attributes = findSchema(stack, 'resource', type)?.block.attributes ?? {};
        return ['project_id', 'region'].flatMap((attribute) =>
          must(
            attributes[attribute] === undefined || typeof body[attribute] === 'string',
            `${type}.${name} leaves ${attribute} to the environment`,
          ),
        );
      }),
    broken: {
      'a resource leaves its project out': (stack) => delete firstWithProject(stack)['project_id'],
      'a resource leaves its region out': (stack) => delete firstWithProject(stack)['region'],
    },
  },
  {
    title: 'takes no variable that is null or unchecked',
    check: (stack) =>
      Object.entries(objectAt(stack, 'variable')).flatMap(([name, variable]) => {
        const rules = get(variable, 'validation');
        return all(
          mustBe(stack, `variable.${name}.nullable`, false),
          mustBe(stack, `variable.${name}.type`, 'string'),
          must(Array.isArray(rules) && rules.length > 0, `${name} is not checked`),
          (Array.isArray(rules) ? rules.filter(isObject) : []).flatMap((rule) =>
            all(
              must(
                textAt(rule, 'condition').includes(`var.${name}`),
                `a rule of ${name} is about something else`,
              ),
              must(!textAt(rule, 'error_message').includes('${'), `the message of ${name} shows a value`),
            ),
          ),
        );
      }),
    broken: {
      'a variable may be null': (stack) => remove(stack, 'variable.project_id.nullable'),
      'a variable is not checked': (stack) => set(stack, 'variable.project_id.validation', []),
      'a variable may be anything': (stack) => set(stack, 'variable.project_id.type', 'any'),
      'a rule always holds': (stack) => set(stack, 'variable.project_id.validation.0.condition', '${true}'),
      'a message shows the value': (stack) =>
        set(stack, 'variable.project_id.validation.0.error_message', 'Not ${var.project_id}.'),
    },
  },
];
