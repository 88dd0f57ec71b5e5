import type { TokenScope } from '../../../app/http/scopes.limits.ts';
import { madeToken, type MadeToken } from '../../../app/tokens/tokens.schema.ts';
import { PASSWORD, type TestApp, type Visitor } from './app.ts';

/** Makes a token of that visitor, who signed in with {@link PASSWORD}. */
export async function makeToken(
  by: Visitor,
  scopes: readonly TokenScope[],
  more: { name?: string; expiresInDays?: number } = {},
): Promise<MadeToken> {
  const body = { name: 'bot', scopes, currentPassword: PASSWORD, ...more };
  return madeToken.parse(await (await by.send('POST', '/api/tokens', body)).json());
}

/** A program with a token: it keeps no cookie and comes from another origin. */
export interface Program {
  send(method: string, path: string, body?: unknown): Promise<Response>;
  upload(file: Blob, name: string): Promise<Response>;
}

/** Makes a program that sends `authorization` as it is. */
export function program(app: TestApp, authorization: string, cookie = ''): Program {
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', authorization);
    headers.set('origin', 'https://elsewhere.test');
    if (cookie !== '') headers.set('cookie', cookie);
    return app.visitor().request(path, { ...init, headers });
  };
  return {
    send: (method, path, body) =>
      request(path, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      }),
    upload: (file, name) => {
      const form = new FormData();
      form.set('file', file, name);
      return request('/api/media', { method: 'POST', body: form });
    },
  };
}

/** Makes a program with a new token of that visitor. */
export const programOf = async (app: TestApp, by: Visitor, ...scopes: TokenScope[]): Promise<Program> =>
  program(app, `Bearer ${(await makeToken(by, scopes)).token}`);
