import { Hono } from 'hono';
import type { Logger } from 'pino';
import { accountRoutes, type AccountDeps } from './account/account.routes.ts';
import { authRoutes, type AuthDeps } from './auth/auth.routes.ts';
import { resetsRoutes, type ResetsDeps } from './auth/resets.routes.ts';
import { adminRoutes, type AdminDeps } from './admin/admin.routes.ts';
import { collectionsRoutes, type CollectionsDeps } from './collections/collections.routes.ts';
import { eventsRoutes, type EventsRoutesDeps } from './events/events.routes.ts';
import { favouritesRoutes, type FavouritesDeps } from './favourites/favourites.routes.ts';
import { fetchesRoutes, type FetchesRoutesDeps } from './fetches/fetches.routes.ts';
import { filesRoutes } from './files/files.routes.ts';
import type { FilesService } from './files/files.service.ts';
import { healthRoutes } from './health/health.routes.ts';
import type { HealthService } from './health/health.service.ts';
import { open } from './http/access.ts';
import { jsonCompression } from './http/compression.ts';
import type { AppEnv } from './http/env.ts';
import { AppError, renderError } from './http/errors.ts';
import { privateAnswers } from './http/private-answers.ts';
import { requestTrace } from './http/request-trace.ts';
import { requestLog } from './http/request-log.ts';
import { sameOrigin } from './http/same-origin.ts';
import { isSharePath, securityHeaders } from './http/security-headers.ts';
import { session } from './auth/session.middleware.ts';
import { shareFallback } from './static/share-fallback.ts';
import { inlineScriptsOf } from './static/inline-scripts.ts';
import { staticFiles } from './static/static-files.ts';
import { unreadBody } from './http/unread-body.ts';
import { metricsRoutes, type MetricsDeps } from './metrics/metrics.routes.ts';
import { requestMetrics } from './metrics/request-metrics.ts';
import { nightlyRoutes, type NightlyDeps } from './nightly/nightly.routes.ts';
import { invitesRoutes, type InvitesDeps } from './invites/invites.routes.ts';
import { mediaRoutes, type MediaDeps } from './media/media.routes.ts';
import { alikeRoutes, type AlikeDeps } from './media/alike/alike.routes.ts';
import { duplicatesRoutes, type DuplicatesDeps } from './media/duplicates/duplicates.routes.ts';
import { trashedRoutes, type TrashedDeps } from './media/trashed.routes.ts';
import { bulkRoutes, trashRoutes, type BulkDeps } from './media/bulk.routes.ts';
import { openApiRoutes } from './openapi/openapi.routes.ts';
import { passkeySignInRoutes, type PasskeySignInDeps } from './passkeys/passkey-sign-in.routes.ts';
import { passkeysRoutes, type PasskeysDeps } from './passkeys/passkeys.routes.ts';
import { tokensRoutes, type TokensDeps } from './tokens/tokens.routes.ts';
import { usersRoutes, type UsersDeps } from './users/users.routes.ts';
import { listRoutes, searchRoutes, type SearchDeps } from './search/search.routes.ts';
import { oembedRoutes } from './shares/oembed.routes.ts';
import { renderShareError, sharePagesRoutes, type SharePagesDeps } from './shares/page.routes.ts';
import { sharesRoutes, type SharesDeps } from './shares/shares.routes.ts';
import { resumableRoutes, type ResumableRoutesDeps } from './resumable/resumable.routes.ts';
import type { Trace } from './util/trace.ts';
import { tagsRoutes, type TagsDeps } from './tags/tags.routes.ts';

/** Dependencies of the HTTP app, ready made. The app reads no environment and opens nothing. */
export interface AppDeps
  extends
    AuthDeps,
    AccountDeps,
    ResetsDeps,
    InvitesDeps,
    UsersDeps,
    AdminDeps,
    EventsRoutesDeps,
    MediaDeps,
    FetchesRoutesDeps,
    BulkDeps,
    TrashedDeps,
    FavouritesDeps,
    AlikeDeps,
    DuplicatesDeps,
    CollectionsDeps,
    SearchDeps,
    SharesDeps,
    SharePagesDeps,
    TagsDeps,
    MetricsDeps,
    TokensDeps,
    PasskeysDeps,
    PasskeySignInDeps,
    ResumableRoutesDeps,
    NightlyDeps {
  files: FilesService;
  health: HealthService;
  logger: Logger;
  /** `null`: nothing is traced. */
  trace: Trace | null;
  http: { production: boolean; publicUrl: string | undefined; staticDir: string; mediaOrigin: string | null };
}

/** Creates the HTTP app: the middleware of every request, in order, then every route by feature. */
export function createApp(deps: AppDeps) {
  const { http } = deps;
  // Chained: the type of this one expression is the type of the whole API
  // (https://hono.dev/docs/guides/rpc).
  const api = new Hono<AppEnv>()
    .route('/', healthRoutes(deps.health))
    .route('/files', filesRoutes(deps.files))
    .route('/oembed', oembedRoutes(deps))
    .use(jsonCompression())
    .use(privateAnswers)
    // Its Bearer token is the collector's, which the session middleware would refuse.
    .route('/metrics', metricsRoutes(deps))
    .use(sameOrigin(http.publicUrl))
    .use(session(deps))
    .route('/auth', authRoutes(deps))
    .route('/auth/reset', resetsRoutes(deps))
    .route('/account', accountRoutes(deps))
    .route('/auth/passkey', passkeySignInRoutes(deps))
    .route('/tokens', tokensRoutes(deps))
    .route('/passkeys', passkeysRoutes(deps))
    .route('/invites', invitesRoutes(deps))
    .route('/users', usersRoutes(deps))
    .route('/admin', adminRoutes(deps))
    .route('/events', eventsRoutes(deps))
    .route('/nightly', nightlyRoutes(deps))
    .route('/media', listRoutes(deps))
    .route('/media', fetchesRoutes(deps))
    .route('/media', mediaRoutes(deps))
    .route('/media', bulkRoutes(deps))
    .route('/media', trashedRoutes(deps))
    .route('/media', alikeRoutes(deps))
    .route('/duplicates', duplicatesRoutes(deps))
    .route('/trash', trashRoutes(deps))
    .route('/uploads', resumableRoutes(deps))
    .route('/collections', collectionsRoutes(deps))
    .route('/favourites', favouritesRoutes(deps))
    .route('/search', searchRoutes(deps))
    .route('/shares', sharesRoutes(deps))
    .route('/tags', tagsRoutes(deps));

  const app = new Hono<AppEnv>()
    .onError((thrown, c) => (isSharePath(c.req.path) ? renderShareError : renderError)(thrown, c))
    .use(requestMetrics(deps.metrics))
    .use(requestTrace(deps.trace))
    .use(requestLog(deps.logger))
    .use(unreadBody())
    .use(securityHeaders(http.mediaOrigin, http.production, inlineScriptsOf(http.staticDir)))
    .route('/s', sharePagesRoutes(deps, http))
    .route('/api', api);
  return app
    .route('/api', openApiRoutes(app, http))
    .all('/api/*', () => {
      throw new AppError('not_found', 'There is no such address in this API.');
    })
    .post(
      '/share',
      open({
        summary: 'The share sheet of a device, without a service worker',
        scope: 'any',
        answers: { 303: null },
      }),
      shareFallback,
    )
    .get(
      '*',
      staticFiles(http.staticDir, (id) => deps.duplicates.mergedInto(id)),
    )
    .notFound((c) => c.text('Not found', 404));
}

export type AppType = ReturnType<typeof createApp>;
