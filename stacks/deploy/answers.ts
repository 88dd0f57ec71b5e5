import { Problem } from './problem.ts';

interface Question {
  /** The question as a person reads it. */
  text: string;
  /** Neither shown while typed nor afterwards. */
  secret?: true;
}

/** Everything that nobody else can tell. Names are those of the environment variables. */
export const QUESTIONS = {
  SCW_ACCESS_KEY: { text: 'Access key of your own at Scaleway (SCW…)' },
  SCW_SECRET_KEY: { text: 'Its secret key', secret: true },
  DATABASE_URL: {
    text: 'Connection string of the database, ending in ?sslmode=verify-full',
    secret: true,
  },
  DATABASE_CA: { text: 'Its CA certificate: the path of the file, or the word system' },
  SETUP_CODE: { text: "Setup code, from the log of the container's start", secret: true },
  ADMIN_NAME: { text: 'Name of the first account, the administrator' },
  ADMIN_PASSWORD: { text: 'Its password', secret: true },
} as const satisfies Record<string, Question>;

export type QuestionName = keyof typeof QUESTIONS;

/** Answers with which a person overrules what the command finds out by itself. */
export const OVERRIDES = ['SCW_DEFAULT_PROJECT_ID', 'ROUTE53_ZONE_ID', 'AWS_ROLE_ARN'] as const;

export interface Answers {
  /**
   * Returns the answer to a question: given, or asked now.
   *
   * @throws Problem if nobody is there to answer
   */
  get(name: QuestionName): Promise<string>;
  given(name: QuestionName | (typeof OVERRIDES)[number]): string | null;
}

/** Asks a person. */
export type Ask = (name: QuestionName, question: Question) => Promise<string>;

/**
 * Takes answers from what is given, and asks for the rest.
 *
 * @param ask null in a script
 * @param onSecret is told every secret before anybody uses it
 */
export function createAnswers(
  given: Readonly<Record<string, string | undefined>>,
  ask: Ask | null,
  onSecret: (value: string) => void,
): Answers {
  const asked = new Map<QuestionName, Promise<string>>();
  const find = async (name: QuestionName): Promise<string> => {
    const question: Question = QUESTIONS[name];
    let value = given[name]?.trim() ?? '';
    if (value === '' && ask) value = (await ask(name, question)).trim();
    if (value === '')
      throw new Problem(
        `${name} is missing (${question.text}): put it into the environment or the answers file.`,
      );
    if (question.secret) onSecret(value);
    return value;
  };
  return {
    get(name) {
      const known = asked.get(name) ?? find(name);
      asked.set(name, known);
      return known;
    },
    given: (name) => given[name]?.trim() || null,
  };
}
