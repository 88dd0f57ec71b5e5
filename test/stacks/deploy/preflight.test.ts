import { describe, expect, it } from 'vitest';
import { deploy } from '../../../stacks/deploy/deploy.ts';
import { Problem } from '../../../stacks/deploy/problem.ts';
import { createWorld } from '../support/stand-in-world.ts';

// Tests the checks before the first change. Everything outside is a stand-in.

type World = ReturnType<typeof createWorld>;
const address = (change: (url: URL) => void) => (world: World) => {
  const url = new URL(world.answers['DATABASE_URL'] ?? '');
  change(url);
  world.answers['DATABASE_URL'] = url.href;
};

const FAULTS: [fault: string, make: (world: World) => void, sentence: RegExp][] = [
  [
    'missing tools',
    (w) => w.missingTools.push('gh', 'tofu'),
    /^Install what is missing: gh \(https.*\), tofu \(https.*\)\.$/,
  ],
  [
    'an old OpenTofu',
    (w) => (w.tofuVersion = '1.9.4'),
    /^OpenTofu 1\.9\.4 is too old: install 1\.10 or newer\.$/,
  ],
  ['gh signed out', (w) => w.signedOut.push('gh'), /^gh is not signed in to GitHub: run "gh auth login"\.$/],
  ['aws signed out', (w) => w.signedOut.push('aws'), /^aws is not signed in: run "aws configure"/],
  ['no right to the repository', (w) => (w.state.github.admin = false), /: become an administrator of it\.$/],
  [
    'an untold plan',
    (w) => Object.assign(w.state.github, { private: true, plan: null }),
    /^GitHub: GitHub does not tell the plan of aino: run "gh auth refresh --scopes user"\.$/,
  ],
  [
    'nothing pushed',
    (w) => (w.state.github.head = null),
    /has no code yet: run "git push origin HEAD:main"\.$/,
  ],
  [
    'a wrong key',
    (w) => (w.keyIsWrong = true),
    /^Names at Scaleway: Scaleway refuses the key \(403\): make an API key of your own as Owner/,
  ],
  [
    "an application's key",
    (w) => (w.keyOfApplication = true),
    /belongs to an application: make one of your own user, as Owner\.$/,
  ],
  [
    'no key at all',
    (w) => delete w.answers['SCW_SECRET_KEY'],
    /^Names at Scaleway: SCW_SECRET_KEY is missing .*: put it into the environment or the answers file\.$/,
  ],
  [
    'a taken bucket name',
    (w) => w.state.takenBuckets.push('meemikansio-media'),
    /The bucket name meemikansio-media is taken.*: choose another in stacks\/environments\.ts\.$/,
  ],
  [
    'a lost state of the bootstrap',
    (w) => w.state.buckets.push('meemikansio-state'),
    /its bootstrap\.tfstate is not: copy the file that you have kept/,
  ],
  [
    'no zone',
    (w) => (w.zones = []),
    /^Domain: The AWS account has no public zone for meemit\.mainittu\.fi: make one/,
  ],
  ['a zone of another name', (w) => (w.zones[0]!.Name = 'ainittu.fi.'), /has no public zone/],
  [
    'other name servers',
    (w) => (w.nameServers = ['ns.registrar.example']),
    /^Domain: The world does not ask the zone of mainittu\.fi: enter its name servers/,
  ],
  ['an undelegated zone', (w) => (w.nameServers = []), /does not ask the zone/],
  [
    'a forbidding CAA record',
    (w) => (w.caIssuers['mainittu.fi'] = ['pki.goog']),
    /^Domain: The CAA record of mainittu\.fi forbids the certificate: add 0 issue "letsencrypt\.org"\.$/,
  ],
  ['a name in use', (w) => (w.cname = ['old.example']), /points to old\.example already: remove that record/],
  [
    'a string that is none',
    (w) => (w.answers['DATABASE_URL'] = 'Server=x;Password=p@ssword'),
    /^Database: DATABASE_URL is no connection string: copy/,
  ],
  [
    'no TLS',
    address((url) => (url.search = '')),
    /^Database: DATABASE_URL does not ask for TLS .*: append \?sslmode=verify-full\.$/,
  ],
  [
    'the direct string',
    address((url) => (url.hostname = 'db.ref.supabase.co')),
    /: take that of the session pooler\.$/,
  ],
  [
    'the transaction pooler',
    address((url) => (url.port = '6543')),
    /: take that of the session pooler, port 5432\.$/,
  ],
  [
    'a certificate that is none',
    (w) => (w.answers['DATABASE_CA'] = 'nowhere.crt'),
    /^Database: DATABASE_CA is no certificate: give the path/,
  ],
  [
    'no name for the first account',
    (w) => delete w.answers['ADMIN_NAME'],
    /^First account: ADMIN_NAME is missing .*: put it into the environment or the answers file\.$/,
  ],
  [
    'a database that does not answer',
    (w) => (w.databaseVersion = new Error('timeout')),
    /^Database: The database does not answer \(timeout\): compare DATABASE_URL/,
  ],
  [
    'an old database',
    (w) => (w.databaseVersion = 140_009),
    /^Database: The database is PostgreSQL 14: update it to 15 or newer\.$/,
  ],
];

describe('before anything changes,', () => {
  it.each(FAULTS)('%s is told in one sentence that says what to do', async (_fault, make, sentence) => {
    const world = createWorld();
    make(world);
    const before = structuredClone(world.state);
    const failure: unknown = await deploy(world.on(), { dryRun: false, confirm: async () => true }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Problem);
    const { message } = failure instanceof Problem ? failure : new Problem();
    expect(message).toMatch(sentence);
    expect(message.split('\n')).toHaveLength(1);
    expect(world.state).toEqual(before);
  });

  it('several faults are told at once', async () => {
    const world = createWorld();
    world.cname = ['old.example'];
    world.databaseVersion = 140_009;
    await expect(deploy(world.on(), { dryRun: true, confirm: async () => true })).rejects.toThrow(
      /^Domain: .*\nDatabase: .*$/,
    );
  });

  it.each([
    [
      'a CAA record nearer to the name wins',
      (w: World) =>
        (w.caIssuers = { 'meemit.mainittu.fi': ['letsencrypt.org'], 'mainittu.fi': ['pki.goog'] }),
    ],
    [
      "the name's own record at Scaleway is none of another site",
      (w: World) => (w.cname = ['app.functions.fnc.fr-par.scw.cloud.']),
    ],
    ['the database of a public CA', (w: World) => (w.answers['DATABASE_CA'] = 'system')],
  ])('%s', async (_case, make) => {
    const world = createWorld();
    make(world);
    await deploy(world.on(), { dryRun: true, confirm: async () => true });
    expect(world.lines.at(-1)).toBe('Nothing was changed.');
  });
});
