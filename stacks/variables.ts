import type { Construct } from 'constructs';
import { TerraformVariable } from 'cdktf';
import { REGIONS, type Environment } from './environments.ts';

/** A rule for a value, and its error message (never the value itself). */
export interface Rule {
  /** An expression of OpenTofu's language that is true for a valid value. */
  condition: string;
  message: string;
}

/** An input of a stack, given as `TF_VAR_<name>`. All are strings and none may be null. */
export interface Variable {
  description: string;
  /** Never shown in plans and outputs. */
  sensitive?: true;
  default?: string;
  rules: readonly Rule[];
}

/** Quotes a string for OpenTofu's language. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');

const matches = (name: string, pattern: RegExp, message: string): Rule => ({
  // RE2 needs no backslash before a slash.
  condition: `can(regex(${quoted(pattern.source.replaceAll('\\/', '/'))}, var.${name}))`,
  message,
});

const length = (name: string, min: number, max: number, message: string): Rule => ({
  condition: `length(var.${name}) >= ${min} && length(var.${name}) <= ${max}`,
  message,
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const uuid = (name: string, what: string): Rule => matches(name, UUID, `${name} must be ${what}, a UUID.`);

const projectId: Variable = {
  description: 'Scaleway project that everything belongs to.',
  rules: [uuid('project_id', 'the id of a Scaleway project')],
};

export const bootstrapVariables = {
  project_id: projectId,
  operator_user_id: {
    description: 'Your own IAM user id, who keeps access to the state bucket.',
    rules: [uuid('operator_user_id', 'the id of an IAM user')],
  },
} satisfies Record<string, Variable>;

/** A connection on which nobody between the app and its database can listen or answer. */
const verifiedDatabase = matches(
  'database_url',
  /[?&]sslmode=verify-full(&|$)/,
  'database_url must end in ?sslmode=verify-full: with less, somebody on the way can pose as the database. See unverifiedDatabase in stacks/environments.ts for a database without a certificate.',
);

/**
 * Returns the inputs of an environment.
 *
 * The longest secret is bounded to 1000 characters, the least of Scaleway's limits for a variable.
 * Only a certificate may be longer; a secret variable holds 65,536 bytes. A value has one line,
 * because several lines are not passed on unchanged.
 */
export const environmentVariables = (
  defaultRegion: string,
  { unverifiedDatabase }: Pick<Environment, 'unverifiedDatabase'> = {},
) =>
  ({
    image_tag: {
      description: 'Tag of the image to run: the commit it was built from.',
      rules: [
        matches(
          'image_tag',
          /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
          'image_tag must be an image tag: up to 128 letters, digits, dots, dashes, underscores.',
        ),
        {
          condition: 'var.image_tag != "latest"',
          message: 'image_tag must name one image for good, which "latest" does not.',
        },
      ],
    },
    project_id: projectId,
    region: {
      description: 'Scaleway region of the container and the media bucket.',
      default: defaultRegion,
      rules: [
        {
          condition: `contains([${REGIONS.map(quoted).join(', ')}], var.region)`,
          message: `region must be one of ${REGIONS.join(', ')}.`,
        },
      ],
    },
    route53_zone_id: {
      description: 'Route 53 hosted zone that the host name belongs to.',
      rules: [
        matches(
          'route53_zone_id',
          /^Z[A-Z0-9]{6,31}$/,
          'route53_zone_id must be a hosted zone id: Z and capitals or digits.',
        ),
      ],
    },
    media_application_id: {
      description: 'IAM application whose key the app uses for the media bucket.',
      rules: [uuid('media_application_id', 'the id of an IAM application')],
    },
    release_application_id: {
      description: 'IAM application whose key applies this stack.',
      rules: [uuid('release_application_id', 'the id of an IAM application')],
    },
    database_url: {
      description: 'PostgreSQL connection string with user and password.',
      sensitive: true,
      rules: [
        matches(
          'database_url',
          /^postgres(ql)?:\/\/[^\s:@/]+:[^\s@/]+@[^\s@/]+\/[^\s]+$/,
          'database_url must look like postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters of the password percent-encoded.',
        ),
        length('database_url', 1, 1000, 'database_url must be at most 1000 characters.'),
        ...(unverifiedDatabase === undefined ? [verifiedDatabase] : []),
      ],
    },
    database_ca: {
      description:
        'CA certificate of the database: a PEM file in base64, in one line; `system` for a public CA.',
      sensitive: true,
      rules: [
        {
          condition:
            'var.database_ca == "system" || can(regex("-BEGIN CERTIFICATE-", base64decode(var.database_ca)))',
          message: 'database_ca must be a PEM certificate in base64 (base64 -w0 FILE), or the word system.',
        },
        length('database_ca', 1, 65_536, 'database_ca must be at most 65536 characters.'),
      ],
    },
    alert_email: {
      description: "Address that the platform's alerts are mailed to. Empty: no alerts.",
      default: '',
      rules: [
        matches(
          'alert_email',
          /^([^\s@]+@[^\s@]+\.[^\s@]+)?$/,
          'alert_email must be an e-mail address, or empty.',
        ),
      ],
    },
    backup_recipient: {
      description: 'Recipient that the nightly backups are encrypted to: the public half of an age identity.',
      rules: [
        matches(
          'backup_recipient',
          /^age1[0-9a-z]{58}$/,
          'backup_recipient must be an age recipient: age1 and 58 more letters or digits. "npm run cli -- backup keygen FILE" makes one.',
        ),
      ],
    },
    jwt_secret: {
      description: 'Signs session cookies. Random, at least 32 characters.',
      sensitive: true,
      rules: [
        length('jwt_secret', 32, 1000, 'jwt_secret must be 32 to 1000 characters.'),
        matches(
          'jwt_secret',
          /^[!-~]+$/,
          'jwt_secret must be printable ASCII without spaces or line breaks.',
        ),
      ],
    },
    s3_access_key_id: {
      description: 'Access key of the media application.',
      sensitive: true,
      rules: [
        matches(
          's3_access_key_id',
          /^SCW[A-Z0-9]{17}$/,
          's3_access_key_id must be SCW and 17 capitals or digits.',
        ),
      ],
    },
    s3_secret_access_key: {
      description: 'Secret of that key.',
      sensitive: true,
      rules: [uuid('s3_secret_access_key', 'the secret of a Scaleway API key')],
    },
  }) satisfies Record<string, Variable>;

/** Declares variables in a stack and returns references to them, under the same names. */
export function declareVariables<Name extends string>(
  scope: Construct,
  variables: Record<Name, Variable>,
): (name: Name) => string {
  const declared = new Map<string, string>();
  for (const [name, variable] of Object.entries<Variable>(variables)) {
    const { stringValue } = new TerraformVariable(scope, name, {
      type: 'string',
      description: variable.description,
      nullable: false,
      ...(variable.sensitive && { sensitive: true }),
      ...(variable.default !== undefined && { default: variable.default }),
      validation: variable.rules.map((rule) => ({
        condition: `\${${rule.condition}}`,
        errorMessage: rule.message,
      })),
    });
    declared.set(name, stringValue);
  }
  return (name) => {
    const reference = declared.get(name);
    if (reference === undefined) throw new Error(`Variable ${name} is not declared in this stack.`);
    return reference;
  };
}
