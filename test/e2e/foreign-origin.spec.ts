import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import { expect, test } from './fixtures.ts';

const logged = z.object({ method: z.string(), path: z.string(), status: z.number() });

/**
 * Serves a foreign page at another origin of the same machine. For cookies it is still "same-site".
 */
async function foreignPage(): Promise<{ url: string; server: Server; cookies: string[] }> {
  const cookies: string[] = [];
  const server = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '');
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>somebody else</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    server,
    cookies,
  };
}

/** Extracts the refusals of state-changing requests from the server's log. */
const refusals = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.includes('"msg":"request"'))
    .map((line) => logged.parse(JSON.parse(line)));

test('a page of another origin changes nothing, though the browser would send the cookie', async ({
  signedIn: page,
  server,
  context,
}) => {
  const { url, server: foreign, cookies } = await foreignPage();
  try {
    const evil = await context.newPage();
    await evil.goto(url);
    // Cookies ignore ports, so the browser sends the session to any port. Only the origin check can
    // refuse.
    expect(cookies.at(-1)).toContain('session=');

    // A script can send these without a preflight: simple requests with the cookies of the other
    // origin.
    await evil.evaluate(async (api) => {
      // This page must not read the answer, so the browser reports every request as failed.
      const send = (path: string, body: BodyInit | null, type: string | null = 'text/plain') =>
        fetch(api + path, {
          method: 'POST',
          mode: 'no-cors',
          credentials: 'include',
          body,
          ...(type !== null && { headers: { 'content-type': type } }),
        }).catch(() => {});
      await send('/api/auth/logout', null);
      await send('/api/invites', '{}');
      const form = new FormData();
      form.set('file', new File(['x'], 'x.png', { type: 'image/png' }));
      await send('/api/media', form, null);
    }, server.url);
    const sent = ['/api/auth/logout', '/api/invites', '/api/media'];
    await expect
      .poll(() => refusals(server.output()).filter(({ status }) => status === 403))
      .toEqual(sent.map((path) => ({ method: 'POST', path, status: 403 })));

    // These need a preflight, and the server does not consent.
    const refused = await evil.evaluate(async (api) => {
      const attempts = [
        ['DELETE', '/api/auth/sessions'],
        ['PATCH', '/api/admin/settings'],
      ] as const;
      const outcomes = [];
      for (const [method, path] of attempts)
        outcomes.push(
          await fetch(api + path, { method, credentials: 'include' }).then(
            () => 'answered',
            () => 'blocked',
          ),
        );
      return outcomes;
    }, server.url);
    expect(refused).toEqual(['blocked', 'blocked']);

    // A form that submits itself, as a navigation.
    await evil.evaluate((api) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = `${api}/api/auth/logout`;
      document.body.append(form);
      form.submit();
    }, server.url);
    await expect(evil.locator('body')).toContainText('foreign_origin');

    // It can neither read anything nor frame the page.
    await evil.goto(url);
    const read = await evil.evaluate(
      (api) =>
        fetch(`${api}/api/media`, { credentials: 'include' }).then(
          () => 'read',
          () => 'blocked',
        ),
      server.url,
    );
    expect(read).toBe('blocked');

    // The session and the password are unchanged, and no invite was made.
    const state = await page.evaluate(async () => ({
      me: (await (await fetch('/api/auth/me')).json()).user?.username,
      invites: (await (await fetch('/api/invites')).json()).items.length,
      items: (await (await fetch('/api/media')).json()).items.length,
    }));
    expect(state).toEqual({ me: 'Aino', invites: 0, items: 0 });
  } finally {
    foreign.close();
  }
});
