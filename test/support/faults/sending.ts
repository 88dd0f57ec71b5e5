import { request } from 'node:http';

/** An upload in progress, whose second half may wait. */
export interface Sending {
  bytes: Buffer;
  /** Sends the rest. */
  finish(): void;
  /** Status and body; `null` if the connection broke without an answer. */
  answer: Promise<{ status: number; body: unknown } | null>;
}

const BOUNDARY = 'fault-test-boundary';

/** Uploads bytes over a plain connection. `half` pauses in the middle of the file. */
export function send(
  { url, cookie, origin = url }: { url: string; cookie: string; origin?: string },
  bytes: Buffer,
  { half = false }: { half?: boolean } = {},
): Sending {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="meme.bin"\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]);
  const sent = half ? head.length + (bytes.length >> 1) : body.length;
  const call = request(`${url}/api/media`, {
    method: 'POST',
    agent: false,
    headers: {
      origin,
      cookie,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': body.length,
    },
  });
  const answer = new Promise<{ status: number; body: unknown } | null>((done) => {
    call.on('error', () => done(null));
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', () => done(null));
      response.on('end', () => done({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
  call.write(body.subarray(0, sent));
  if (!half) call.end();
  return { bytes, answer, finish: () => void (half && call.end(body.subarray(sent))) };
}
