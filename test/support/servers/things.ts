import { randomUUID } from 'node:crypto';
import { collection } from '../../../app/collections/collections.schema.ts';
import { fetchItem } from '../../../app/fetches/fetches.schema.ts';
import { createdInvite } from '../../../app/invites/invites.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { userList } from '../../../app/users/users.schema.ts';
import { picture } from '../media/pictures.ts';
import { ORIGIN, type Visitor } from './app.ts';
import { begin } from './resumable.ts';
import { makeToken } from './tokens.ts';

const DAY_MS = 86_400_000;

/**
 * Fills a path template of the API document with a thing of `owner`, newly made. A parameter of any
 * other route gets an unknown value.
 */
export async function addressOf(path: string, owner: Visitor, admin: Visitor): Promise<string> {
  if (path === '/api/search/days') return `${path}?day=1700000000000-1700086400000`;
  if (path === '/api/oembed') return `${path}?url=${ORIGIN}/s/${await share(owner)}`;
  if (path === '/api/search/days') return `${path}?day=0-${DAY_MS}`;
  const [, make = unknownId] = MAKERS.find(([pattern]) => pattern.test(path)) ?? [];
  const address = path.replace('{sha256}', 'a'.repeat(64)).replace('{role}', 'original').replace('{n}', '0');
  if (!/\{(id|code|collection)\}/.test(address)) return address.replace(/\{\w+\}/g, 'kissa');
  return address.replace(/\{\w+\}/, await make(owner, admin));
}

type Make = (owner: Visitor, admin: Visitor) => Promise<string>;

/** How to make the thing that the id of a path names. */
const MAKERS: readonly (readonly [RegExp, Make])[] = [
  [/^\/api\/(media|tags\/related)\/\{id\}/, item],
  [/^\/api\/media\/from-url\/\{id\}/, fetch],
  [/^\/api\/invites\/\{id\}/, invite],
  [/^\/(api\/shares|s)\/\{code\}/, share],
  [/^\/api\/collections\/\{collection\}/, collectionOf],
  [/^\/api\/users\/\{id\}/, member],
  [/^\/api\/tokens\/\{id\}/, token],
  [/^\/api\/uploads\/\{id\}/, resumable],
];

const unknownId: Make = async () => randomUUID();

async function item(owner: Visitor): Promise<string> {
  return mediaItem.parse(await (await owner.upload(await picture(), 'meme.png')).json()).id;
}

async function fetch(owner: Visitor): Promise<string> {
  const body = { url: 'https://example.com/meme.png' };
  return fetchItem.parse(await (await owner.send('POST', '/api/media/from-url', body)).json()).id;
}

async function invite(owner: Visitor): Promise<string> {
  return createdInvite.parse(await (await owner.send('POST', '/api/invites', {})).json()).id;
}

async function share(owner: Visitor): Promise<string> {
  const body = { itemIds: [await item(owner)] };
  return shareAnswer.parse(await (await owner.send('POST', '/api/shares', body)).json()).share.code;
}

async function collectionOf(owner: Visitor): Promise<string> {
  const made = await owner.send('POST', '/api/collections', { name: randomUUID() });
  return collection.parse(await made.json()).id;
}

async function token(owner: Visitor): Promise<string> {
  return (await makeToken(owner, ['read'])).item.id;
}

async function resumable(owner: Visitor): Promise<string> {
  return (await begin(owner.request, 1000)).id;
}

async function member(_owner: Visitor, admin: Visitor): Promise<string> {
  const { items } = userList.parse(await (await admin.request('/api/users')).json());
  return items.find(({ role }) => role === 'member')?.id ?? '';
}
