import { confirm, isCancel, log, password, text } from '@clack/prompts';
import type { Ask } from './answers.ts';
import { Declined } from './deploy.ts';

/** The questions in a terminal. Ctrl-C ends the run. */
export const ask: Ask = async (_name, question) => {
  const given = await (question.secret
    ? password({ message: question.text })
    : text({ message: question.text }));
  if (isCancel(given)) throw new Declined();
  return given ?? '';
};

export async function confirmed(question: string): Promise<boolean> {
  const given = await confirm({ message: question });
  return given === true;
}

export const print = (line: string): void => log.message(line);
