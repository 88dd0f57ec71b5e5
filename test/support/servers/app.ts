import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type AppType } from '../../../app/app.ts';
import { parseConfig } from '../../../app/config.ts';
import { connectDatabase, createDeps, type Deps } from '../../../app/deps.ts';
import { createFfmpeg, type Ffmpeg } from '../../../app/media/ffmpeg/ffmpeg.ts';
import { findFfmpeg, type FoundFfmpeg } from '../../../app/media/ffmpeg/find.ts';
import { createdInvite } from '../../../app/invites/invites.schema.ts';
import { jobHandlers } from '../../../app/job-handlers.ts';
import { createLogger } from '../../../app/logger.ts';
import { openTracing } from '../../../app/tracing/open-tracing.ts';
import { createTestDatabase } from '../databases/database.ts';
import { createContract, type Contract, type Operation } from './contract.ts';

/**
 * The origin of the test app, unless its environment has another PUBLIC_URL. State-changing
 * requests must come from it.
 */
export const ORIGIN = 'http://meemikansio.test';

export interface TestApp extends AsyncDisposable {
  deps: Deps;
  dataDir: string;
  databaseUrl: string;
  /** Makes a browser: it keeps cookies and sends its origin. */
  visitor(): Visitor;
  /** Makes a visitor with a new account; the first one is the admin. */
  admin(): Promise<Visitor>;
  /** Makes a visitor who joined by an invite of that user. */
  member(by: Visitor, username: string): Promise<Visitor>;
  /** The app itself, for a test that starts a server. */
  fetch: AppType['fetch'];
  /** Lists the operations of the API document. */
  operations(): Promise<readonly Operation[]>;
  /** Starts the job workers. */
  work(): Promise<void>;
  /** Lists the files under the data folder as relative paths, without the database. */
  files(): Promise<string[]>;
}

export interface Visitor {
  /** Sends a request. Throws for an answer that the API document does not have. */
  request(path: string, init?: RequestInit): Promise<Response>;
  send(method: string, path: string, body?: unknown): Promise<Response>;
  upload(file: Blob, name: string, fields?: Record<string, string>): Promise<Response>;
  /** The session cookie as `name=value`; empty without a session. */
  cookie(): string;
}

/** Files that stay whatever becomes of the items. */
const KEPT_FILES = new Set(['jwt-secret', '.library', '.owners.ndjson']);

export const PASSWORD = 'correct horse battery';

/** Every app has the same routes, so one contract serves all apps of a test file. */
let contract: Promise<Contract> | undefined;

/** Its version takes a process of 50 ms, so the apps of a worker ask once. */
let found: Promise<FoundFfmpeg | null> | undefined;

async function installedFfmpeg(): Promise<Ffmpeg | null> {
  found ??= findFfmpeg(undefined);
  const ffmpeg = await found;
  return ffmpeg?.supported ? createFfmpeg(ffmpeg.command) : null;
}

/**
 * Starts the real app on a separate real database and a separate folder. Nothing is mocked. Needs
 * disposal.
 * @param adjust changes limits before the app is composed
 */
export async function createTestApp(
  env: Record<string, string> = {},
  adjust: (deps: Deps) => void = () => {},
): Promise<TestApp> {
  const origin = new URL(env['PUBLIC_URL'] || ORIGIN).origin;
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-test-'));
  const staticDir = await mkdtemp(join(tmpdir(), 'meemikansio-static-'));
  await writeFile(join(staticDir, 'index.html'), '<!doctype html><title>meemikansio</title>');
  const config = parseConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATA_DIR: dataDir,
    STATIC_DIR: staticDir,
    PUBLIC_URL: ORIGIN,
    ...env,
  });
  const logger = createLogger(config.logLevel, false);
  const tracing = await openTracing(config);
  const db = connectDatabase(config, database.url, logger, tracing);
  // A test that names an ffmpeg wants the app to look for it.
  const given = config.ffmpeg.path === undefined ? { ffmpeg: await installedFfmpeg() } : {};
  const deps = await createDeps(config, { db, url: database.url, trace: tracing, ...given }, logger);
  adjust(deps);
  await deps.jobs.start();
  const app = createApp(deps);
  contract ??= createContract(app);
  const { check, operations } = await contract;

  function visitor(): Visitor {
    const jar = new Map<string, string>();
    const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`);
    const request = async (path: string, init: RequestInit = {}) => {
      const headers = new Headers({ origin, ...(jar.size > 0 && { cookie: cookies().join('; ') }) });
      for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
      const response = await app.request(`${origin}${path}`, { ...init, headers });
      await check(init.method ?? 'GET', new URL(path, origin).pathname, response);
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      return response;
    };
    return {
      request,
      send: (method, path, body) =>
        request(path, {
          method,
          ...(body !== undefined && {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }),
        }),
      upload: (file, name, fields = {}) => {
        const form = new FormData();
        for (const [field, value] of Object.entries(fields)) form.set(field, value);
        form.set('file', file, name);
        return request('/api/media', { method: 'POST', body: form });
      },
      cookie: () => cookies().find((cookie) => /^(__Host-)?session=/.test(cookie)) ?? '',
    };
  }

  return {
    deps,
    dataDir,
    databaseUrl: database.url,
    visitor,
    async admin() {
      const first = visitor();
      const response = await first.send('POST', '/api/auth/register', {
        username: 'Aino',
        password: PASSWORD,
        ...(env['SETUP_CODE'] !== undefined && { setupCode: env['SETUP_CODE'] }),
      });
      if (response.status !== 201) throw new Error(`registration failed: ${await response.text()}`);
      return first;
    },
    async member(by, username) {
      const { code } = createdInvite.parse(await (await by.send('POST', '/api/invites', {})).json());
      const guest = visitor();
      const request = { username, password: PASSWORD, invite: code };
      const response = await guest.send('POST', '/api/auth/register', request);
      if (response.status !== 201) throw new Error(`joining failed: ${await response.text()}`);
      return guest;
    },
    fetch: app.fetch,
    operations: async () => operations,
    work: () => deps.jobs.work(jobHandlers({ ...deps, directory: deps.tmpDir })),
    files: async () =>
      (await readdir(dataDir, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !KEPT_FILES.has(entry.name))
        .map((entry) => join(entry.parentPath, entry.name).slice(dataDir.length + 1))
        .sort(),
    async [Symbol.asyncDispose]() {
      await deps.jobs.stop(2000);
      deps.metrics?.stop();
      await deps.reader?.stop();
      await deps.stripper.stop();
      await deps.db.destroy();
      await tracing?.stop();
      await database[Symbol.asyncDispose]();
      for (const folder of [dataDir, staticDir]) await rm(folder, { recursive: true, force: true });
    },
  };
}
