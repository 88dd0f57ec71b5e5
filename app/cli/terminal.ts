import { Writable, type Readable } from 'node:stream';
import { createInterface } from 'node:readline/promises';
import { UsageError } from './usage-error.ts';

/** Input and output of a command. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /**
   * Asks for a secret twice without echo; reads the first line of a pipe. Never takes it from the
   * command line, which other users can see.
   */
  newSecret(what: string): Promise<string>;
  /** For commands that read or write a stream of bytes. */
  stdin(): Readable;
  stdout(): Writable;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  async newSecret(what) {
    if (!process.stdin.isTTY) return firstLine();
    const secret = await askHidden(`${what}: `);
    if ((await askHidden(`${what}, again: `)) !== secret) throw new UsageError('The two entries differ.');
    return secret;
  },
  stdin: () => process.stdin,
  stdout: () => process.stdout,
};

async function firstLine(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
  if (line === '') throw new UsageError('Expected the secret as the first line of standard input.');
  return line;
}

async function askHidden(question: string): Promise<string> {
  // readline echoes to its output, so discard that.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    return await new Promise<string>((answered, refused) => {
      lines.once('line', answered);
      lines.once('SIGINT', () => refused(new UsageError('Cancelled.')));
      lines.once('close', () => refused(new UsageError('Cancelled.')));
    });
  } finally {
    process.stderr.write('\n');
    lines.close();
  }
}
