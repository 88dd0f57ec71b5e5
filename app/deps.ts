import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { createOwnAccount } from './account/account.service.ts';
import { createOwnArchive } from './account/own-archive.service.ts';
import { createAccounts } from './auth/auth.service.ts';
import { createDevices, DEVICE_SECONDS } from './auth/devices.ts';
import { ownSecret } from './auth/own-secret.ts';
import { createResets } from './auth/resets.service.ts';
import { ceremonyCookie, deviceCookie, sessionCookie } from './auth/session-cookie.ts';
import { setupCodeOf, type SetupCode } from './auth/setup-code.ts';
import { createSessions, SESSION_SECONDS } from './auth/sessions.service.ts';
import { createBackupStore } from './backup/create-store.ts';
import { createNightlyBackups, type NightlyBackups } from './backup/nightly.service.ts';
import { createAdmin } from './admin/admin.service.ts';
import type { AppDeps } from './app.ts';
import { createCollections } from './collections/collections.service.ts';
import type { Config } from './config.ts';
import { connect, type Database } from './db/client.ts';
import { databaseAddress } from './db/connection-string.ts';
import { openChangeSignal } from './events/change-signal.ts';
import { createEvents } from './events/events.service.ts';
import { createFavourites } from './favourites/favourites.service.ts';
import { createFetches } from './fetches/fetches.service.ts';
import { machineNetwork, type FetchNetwork } from './fetches/network.ts';
import { createFiles } from './files/files.service.ts';
import { createHealth } from './health/health.service.ts';
import { callerOf, clientAddress } from './http/client-address.ts';
import { pageLink } from './http/page-link.ts';
import { createRateLimits } from './http/rate-limit.ts';
import { relyingParty } from './http/relying-party.ts';
import { createReceiveBudget } from './http/receive-budget.ts';
import { createInvites } from './invites/invites.service.ts';
import { createJobQueue, type JobQueue } from './jobs/queue.ts';
import { jobDefinitions } from './job-handlers.ts';
import { createMetadataStripper, type MetadataStripper } from './media/metadata/metadata-stripper.ts';
import { MAX_DECODE_BYTES } from './media/media.limits.ts';
import { createFfmpeg, type Ffmpeg } from './media/ffmpeg/ffmpeg.ts';
import { findFfmpeg, OLDEST_FFMPEG } from './media/ffmpeg/find.ts';
import { createMedia } from './media/media.service.ts';
import { createNightlyToken } from './nightly/nightly-token.ts';
import { createPurges } from './media/purge.service.ts';
import { createChallenges } from './passkeys/challenges.ts';
import { createPasskeySignIns } from './passkeys/passkey-sign-in.service.ts';
import { createPasskeys } from './passkeys/passkeys.service.ts';
import { createWebAuthn } from './passkeys/webauthn.ts';
import { createBulk } from './media/bulk.service.ts';
import { createAlike } from './media/alike/alike.service.ts';
import { createDuplicates } from './media/duplicates/merge.service.ts';
import { createTrashedFiles } from './media/trashed.service.ts';
import { createUploads } from './media/upload.service.ts';
import { createTextReader, type TextReader } from './ocr/text-reader.ts';
import { createPartStore } from './resumable/create-part-store.ts';
import { createResumables } from './resumable/resumable.service.ts';
import { createSearch } from './search/search.service.ts';
import { createSuggest } from './search/suggest.service.ts';
import { mediaOrigin } from './storage/media-origin.ts';
import { createStorage } from './storage/create-storage.ts';
import type { Storage } from './storage/storage.ts';
import { traceStorage } from './storage/traced-storage.ts';
import { createUsers } from './users/users.service.ts';
import { createCards } from './shares/cards.service.ts';
import { createShareOpens, type ShareOpens } from './shares/opens.ts';
import { createSharePages } from './shares/page.service.ts';
import { createShares } from './shares/shares.service.ts';
import { createTokens } from './tokens/tokens.service.ts';
import { createTags } from './tags/tags.service.ts';
import { createSemaphore, type Semaphore } from './util/semaphore.ts';
import type { Trace } from './util/trace.ts';
import { openTempFolder } from './util/temp-folder.ts';

/**
 * Everything that the composition root creates: for the HTTP app, and for the process to start and
 * stop.
 */
export interface Deps extends AppDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  reader: TextReader | null;
  /** `null`: videos are refused. */
  ffmpeg: Ffmpeg | null;
  /** Memory budget in bytes of pictures being decoded. */
  decoding: Semaphore;
  stripper: MetadataStripper;
  /** The nightly backups of the rows. */
  backups: NightlyBackups;
  /** The code for the first account; `null`: it needs none. */
  setupCode: SetupCode | null;
  /** Counts of opened share pages, to be written before the database is closed. */
  shareOpens: ShareOpens;
  /** The way of fetches to the internet. */
  network: FetchNetwork;
  /** This process's folder for temporary files. */
  tmpDir: string;
}

/** Returns the job queue's share of the configured connections. */
const jobConnections = ({ database: { connections } }: Config) => (connections < 10 ? 3 : 5);

/** Creates the connection pool of everything but the job queue. Opens no connection yet. */
export const connectDatabase = (
  config: Config,
  url: string,
  logger: Logger,
  trace: Trace | null = null,
): Database =>
  connect(url, logger, config.database.connections - jobConnections(config), config.database.ca, trace);

/** Parts that exist before the dependencies are wired up. */
export interface Given {
  db: Database;
  /** Address of the database. */
  url: string;
  trace?: Trace | null;
  /** An ffmpeg that has been found already; `null`: there is none. */
  ffmpeg?: Ffmpeg | null;
}

/** Wires everything up. Opens no connection; creates folders, and looks for ffmpeg if not given. */
export async function createDeps(
  config: Config,
  { db, url, trace = null, ffmpeg: given }: Given,
  logger: Logger,
): Promise<Deps> {
  const dataDir = resolve(config.dataDir);
  const tmpDir = await openTempFolder(join(dataDir, 'tmp'));

  const bare = await createStorage(config);
  const storage = trace ? traceStorage(bare, trace) : bare;
  const jobs = createJobQueue(url, jobDefinitions, logger, {
    connections: jobConnections(config),
    ca: config.database.ca,
    trace,
  });
  const reader = config.ocr.enabled
    ? createTextReader({
        modelsDir: modelsDir(),
        concurrency: config.ocr.concurrency,
        logger: ocrLogger(logger),
      })
    : null;
  const invites = createInvites(db);
  const ffmpeg = given === undefined ? await ffmpegOrNone(config.ffmpeg.path, logger) : given;
  const decoding = createSemaphore(DECODING_BYTES);
  const stripper = createMetadataStripper();
  const shareOpens = createShareOpens(db, logger);
  const cards = createCards({ db, storage, jobs, logger, ffmpeg, decoding, directory: tmpDir });
  const readsText = reader !== null;
  const secret = config.auth.jwtSecret ?? (await ownSecret(dataDir));
  const { requireAdminPasskey } = config.auth;
  const sessions = createSessions(db, secret, requireAdminPasskey);
  const devices = createDevices(secret);
  const ceremonies = { challenges: createChallenges(db), webauthn: createWebAuthn(logger) };
  const backups = createNightlyBackups({
    db,
    store: await createBackupStore(config),
    recipient: config.backup.recipient ?? null,
    revision: config.revision,
    directory: tmpDir,
    production: config.production,
  });
  const metrics =
    config.metrics.token === undefined
      ? null
      : (await import('./metrics/metrics.service.ts')).createMetrics({
          db,
          jobs,
          backups,
          logger,
          token: config.metrics.token,
          revision: config.revision,
        });
  const setupCode = setupCodeOf(config);
  const upload = {
    maxBytes: config.upload.maxBytes,
    budget: createReceiveBudget({
      capacity: Math.max(IN_FLIGHT_BYTES, config.upload.maxBytes),
      contended: CONTENDED_RATE,
    }),
  };
  const media = createMedia({ db, storage, jobs, logger, decoding, ffmpeg, directory: tmpDir, readsText });
  const uploads = createUploads({
    db,
    storage,
    jobs,
    logger,
    ffmpeg,
    decoding,
    stripper,
    directory: tmpDir,
    readsText,
  });
  return {
    db,
    storage,
    jobs,
    reader,
    ffmpeg,
    decoding,
    stripper,
    tmpDir,
    logger,
    sessions,
    setupCode,
    backups,
    metrics,
    trace,
    isNightlyToken: createNightlyToken(secret),
    cookie: sessionCookie(config.production, SESSION_SECONDS),
    deviceCookie: deviceCookie(config.production, DEVICE_SECONDS),
    ceremonyCookie: ceremonyCookie(config.production),
    limits: createRateLimits(db),
    caller: callerOf(clientAddress(config.server.trustedProxies)),
    pageLink: pageLink(config.server.publicUrl),
    relyingParty: relyingParty(config.server.publicUrl),
    accounts: createAccounts(db, { sessions, devices, invites, setupCode }),
    ownAccount: createOwnAccount(db, { sessions, jobs }),
    ownArchive: createOwnArchive({ db, storage, logger, revision: config.revision }),
    resets: createResets(db, sessions, devices, requireAdminPasskey),
    tokens: createTokens(db, sessions, requireAdminPasskey),
    passkeys: createPasskeys(db, { ...ceremonies, sessions, requireAdminPasskey }),
    passkeySignIns: createPasskeySignIns(db, { ...ceremonies, sessions, devices, logger }),
    invites,
    users: createUsers(db),
    admin: createAdmin({ db, storage, jobs, backups, readsText }),
    media,
    bulk: createBulk({ db, storage, jobs, logger }),
    purges: createPurges({ db, storage, jobs, logger }),
    uploads,
    resumables: createResumables({
      db,
      jobs,
      logger,
      parts: await createPartStore(config),
      uploads,
      media,
      directory: tmpDir,
      upload,
    }),
    fetches: createFetches({ db, jobs, enabled: config.fetch.enabled }),
    network: machineNetwork,
    search: createSearch(db, storage),
    suggestions: createSuggest(db),
    shares: createShares({ db, storage, opens: shareOpens, jobs }),
    sharePages: createSharePages({ db, storage, cards, opens: shareOpens }),
    shareOpens,
    favourites: createFavourites(db),
    collections: createCollections(db, storage),
    tags: createTags(db),
    events: createEvents({
      db,
      logger,
      openSignal: () => openChangeSignal(databaseAddress(url, config.database.ca), logger),
    }),
    files: createFiles(db, storage),
    trashedFiles: createTrashedFiles(db, storage),
    alike: createAlike(db, storage),
    duplicates: createDuplicates({ db, storage, jobs, logger }),
    health: createHealth({ db, storage, reader, backups, revision: config.revision }),
    upload,
    http: {
      production: config.production,
      publicUrl: config.server.publicUrl,
      staticDir: resolve(config.server.staticDir),
      mediaOrigin: mediaOrigin(config),
    },
  };
}

/** Beside `app/` in the sources, two levels above a bundle in `dist/server/`. */
const modelsDir = () =>
  ['../models', '../../models'].map((path) => resolve(import.meta.dirname, path)).find(existsSync) ??
  resolve('models');

/** Memory limit of all picture decoders together; a single one may use all of it. */
const DECODING_BYTES = MAX_DECODE_BYTES;
/** Limit of the uploads in transfer. They lie in temporary files, which can be memory. */
const IN_FLIGHT_BYTES = 160_000_000;
/**
 * 100 kB a second, an eighth of 3G: a slower upload gives way to other people who wait. One user
 * can have many stalled uploads, each of which holds its bytes for up to two windows.
 */
const CONTENDED_RATE = { windowMs: 10_000, minBytes: 1_000_000 };

/** Finds ffmpeg; `null` if there is none that can be used, which is logged. */
async function ffmpegOrNone(path: string | undefined, logger: Logger): Promise<Ffmpeg | null> {
  const found = await findFfmpeg(path);
  if (found && !found.supported) {
    logger.warn(
      `Videos are refused: ffmpeg ${found.version} is too old. Install ${OLDEST_FFMPEG} or newer, or set FFMPEG_PATH.`,
    );
    return null;
  }
  if (found) {
    logger.info({ version: found.version }, 'ffmpeg found');
    return createFfmpeg(found.command);
  }
  const where = path === undefined ? '' : ' at FFMPEG_PATH';
  logger.warn(`Videos are refused: there is no ffmpeg${where}. Install it, or set FFMPEG_PATH.`);
  return null;
}

const ocrLogger = (logger: Logger) => ({
  info: (message: string) => logger.info(message),
  warn: (message: string) => logger.warn(message),
});
