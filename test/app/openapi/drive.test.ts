import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collection } from '../../../app/collections/collections.schema.ts';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { meResponse } from '../../../app/auth/auth.schema.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { apiDocument } from '../../../app/openapi/document.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { picture } from '../../support/media/pictures.ts';
import { testSeed } from '../../support/media/random.ts';
import { randomOf } from '../../support/media/seeded.ts';
import { createTestApp, PASSWORD, type Visitor } from '../../support/servers/app.ts';
import { contractOf, type Operation } from '../../support/servers/contract.ts';
import { listening } from '../../support/servers/listening.ts';
import { brokenRequest, fittingRequest, type MadeRequest } from '../../support/servers/made-request.ts';
import { addressOf } from '../../support/servers/things.ts';
import { makeToken } from '../../support/servers/tokens.ts';
import { createValues } from '../../support/servers/values.ts';

// Drives a running server from the document that it answers, as schemathesis does. No request may
// get a 5xx, an undocumented status, or an answer that breaks its schema. `SEED=` repeats the
// requests, `ROUNDS=` sends more of them.

const SEED = testSeed(Math.floor(Math.random() * 2 ** 31));
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
/** Node's limit of all headers is 16 kB. */
const LONG_ADDRESS = 15_000;
/** Requests of a caller to an operation in a round. */
const FITTING = 1;
const BROKEN = 2;

const app = await createTestApp({ OCR: 'off', PUBLIC_URL: '' });
const server = await listening(app.fetch);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});
const { db } = app.deps;
const document = apiDocument.parse(await (await fetch(`${server.url}/api/openapi.json`)).json());
const contract = contractOf(document);
const ajv = addFormats(new Ajv2020({ strict: false }));
const operations = contract.operations.map((one) => ({ ...one, name: `${one.method} ${one.path}` }));

/** An id that names nothing. */
const UNKNOWN_ID = '01890000-0000-7000-8000-000000000000';
/** The name of the token that requests are sent with. */
const TOKEN_NAME = 'driver';

/** An admin whom no request names, and who invites new callers in place of those that ended. */
const keeper = await app.admin();
const kept = await db
  .selectFrom('users')
  .select(['id', 'password_hash'])
  .where('role', '=', 'admin')
  .executeTakeFirstOrThrow();
let joined = 0;
let admin = await join('admin');
let member = await join('member');
let token = await tokenOf(member);

async function join(role: 'admin' | 'member'): Promise<Visitor> {
  const username = `${role}-${(joined += 1)}`;
  const visitor = await app.member(keeper, username);
  await db.updateTable('users').set({ role }).where('username', '=', username).execute();
  return visitor;
}

const isSignedInAs = async (visitor: Visitor, role: 'admin' | 'member') =>
  meResponse.parse(await (await visitor.request('/api/auth/me')).json()).user?.role === role;

async function tokenOf(visitor: Visitor): Promise<string> {
  return (await makeToken(visitor, ['read', 'upload', 'edit'], { name: TOKEN_NAME })).token;
}

async function tokenWorks(): Promise<boolean> {
  const response = await fetch(`${server.url}/api/auth/me`, { headers: headersOf('token') });
  await response.body?.cancel();
  return response.ok;
}

/** Makes up for what requests ended or changed: sessions, roles, passwords, limits, the token. */
async function repair(): Promise<void> {
  await db.deleteFrom('rate_limits').execute();
  await db.deleteFrom('api_tokens').where('name', '<>', TOKEN_NAME).execute();
  await db.updateTable('users').set({ password_hash: kept.password_hash }).execute();
  await db.updateTable('users').set({ role: 'admin', disabled_at: null }).where('id', '=', kept.id).execute();
  if (!(await isSignedInAs(admin, 'admin'))) admin = await join('admin');
  const goesOn = await isSignedInAs(member, 'member');
  if (!goesOn) member = await join('member');
  if (!goesOn || !(await tokenWorks())) token = await tokenOf(member);
}

type Caller = 'nobody' | 'member' | 'admin' | 'token';
const CALLERS: readonly Caller[] = ['nobody', 'member', 'admin', 'token'];
const headersOf = (caller: Caller): Record<string, string> => {
  const cookie = caller === 'member' ? member.cookie() : caller === 'admin' ? admin.cookie() : '';
  return {
    ...(caller === 'token' ? { authorization: `Bearer ${token}` } : { origin: server.url }),
    ...(cookie !== '' && { cookie }),
  };
};

/** The contract reads no compressed answer. */
const send = ({ method, address, headers, body }: MadeRequest, caller: Caller): Promise<Response> =>
  fetch(server.url + address, {
    method,
    redirect: 'manual',
    headers: { 'accept-encoding': 'identity', ...headersOf(caller), ...headers },
    ...(body !== undefined && { body }),
  });

/** Things of the member that requests name. */
async function knownThings() {
  const item: MediaItem = mediaItem.parse(
    await (await member.upload(await picture(), 'meme.png', { tags: 'kissa, koira' })).json(),
  );
  const { share } = shareAnswer.parse(
    await (await member.send('POST', '/api/shares/link', { itemId: item.id })).json(),
  );
  const made = await member.send('POST', '/api/collections', { name: `kokoelma ${item.id}` });
  const { nextCursor } = mediaList.parse(await (await member.request('/api/media?limit=1')).json());
  const key = item.url.split('/').at(-1) ?? '';
  return {
    uuid: [item.id, item.owner.id, collection.parse(await made.json()).id, UNKNOWN_ID],
    ids: [item.id, `${item.id},${item.id}`],
    key: [key],
    code: [share.code],
    url: [share.url, `${share.url}/0`],
    name: ['kissa', 'koira', 'tunnus'],
    tag: ['kissa'],
    tags: ['kissa', 'uusi'],
    by: [item.owner.username],
    item: [item.id],
    cursor: nextCursor === null ? [] : [nextCursor],
    currentPassword: [PASSWORD],
    username: [`uusi-${item.id.slice(0, 8)}`],
    n: ['0', '1'],
  };
}

/** Tells the fault of an answer; `null` for none. */
async function faultOf(made: MadeRequest, operation: Operation, response: Response): Promise<string | null> {
  const { status } = response;
  const { pathname } = new URL(made.address, server.url);
  // Node refuses the head of such a request before the app sees it.
  if (status === 431 && made.address.length > LONG_ADDRESS) return null;
  try {
    await contract.check(made.method, pathname, response);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    // Some answers have no end, and nobody reads the others.
    if (!response.bodyUsed) await response.body?.cancel();
  }
  // oEmbed has no XML.
  if (status >= 500 && status !== 501) return `${status}`;
  if (made.json === undefined) return null;
  const schema = operation.requestBody?.content['application/json']?.schema;
  const fits = ajv.validate(schema ?? {}, made.json);
  return !fits && status < 400 ? `${status} for a body that breaks its schema: ${ajv.errorsText()}` : null;
}

const told = ({ method, address, headers, body }: MadeRequest, caller: Caller) =>
  `${caller}: ${method} ${address} ${JSON.stringify(headers)} ${typeof body === 'string' ? body.slice(0, 500) : (body?.constructor.name ?? '')}`;

describe.each(operations)('$name', (operation) => {
  let known: Awaited<ReturnType<typeof knownThings>>;
  beforeAll(async () => {
    await repair();
    known = await knownThings();
  });

  it(`answers as documented, whatever is sent (SEED=${SEED})`, async () => {
    const values = createValues(randomOf(SEED ^ hashOf(operation.name)), known);
    const faults: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) await repair();
      for (const caller of CALLERS) {
        const address = await addressOf(operation.path, member, keeper);
        const making = { values, address, file: () => picture('png', { width: 40, height: 30 }) };
        for (let i = 0; i < FITTING + BROKEN; i += 1) {
          const made = await (i < FITTING ? fittingRequest : brokenRequest)(operation, making);
          const fault = await faultOf(made, operation, await send(made, caller));
          if (fault !== null) faults.push(`${told(made, caller)}\n  ${fault}`);
        }
      }
    }
    expect(faults, `SEED=${SEED}`).toEqual([]);
  });
});

it('refuses a method that no path has, in the words of every error', async () => {
  for (const path of Object.keys(document.paths).filter((one) => one.startsWith('/api/'))) {
    const address = path.replaceAll(/\{\w+\}/g, UNKNOWN_ID);
    const response = await fetch(server.url + address, {
      method: 'PROPFIND',
      headers: { origin: server.url },
    });
    const body = errorBody.parse(await response.json());
    expect([path, response.status, body.code]).toEqual([path, 404, 'not_found']);
  }
});

/** Gives each operation requests of its own, which the others do not shift (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
