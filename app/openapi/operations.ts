import { z } from 'zod';
import * as accounts from '../auth/auth.schema.ts';
import * as admin from '../admin/admin.schema.ts';
import type { Access } from '../http/access.ts';
import * as invites from '../invites/invites.schema.ts';
import * as media from '../media/media.schema.ts';
import * as selection from '../media/bulk.schema.ts';
import * as search from '../search/search.schema.ts';
import * as shares from '../shares/shares.schema.ts';
import * as tags from '../tags/tags.schema.ts';
import * as users from '../users/users.schema.ts';

/** One route of the API's description; the wire schemas hold the rest. */
export interface Operation {
  access: Access;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** JSON, or a form with a file. */
  body?: z.ZodType;
  form?: z.ZodObject;
  /** A schema, or the media type of a binary answer. If unset, there is no body (204). */
  answer?: z.ZodType | `${string}/${string}`;
  /** Default: 200 with an answer and 204 without. */
  status?: number;
}

/** A file of a form, as programs outside TypeScript write it. */
const binary = z.string().meta({ format: 'binary' });
const upload = z.object({
  file: binary,
  title: z.string().optional(),
  tags: z.string().optional().describe('Names with commas between.'),
});
const status = z.object({ status: z.literal('ok'), revision: z.string() });
const problem = z.string().nullable();
const readiness = z.object({
  ready: z.boolean(),
  database: problem,
  storage: problem,
  storageAdvice: problem,
  textReader: problem,
});
const known = z.object({ id: z.uuid().nullable() });
const fileKey = z.object({ key: z.string() });
const download = z.object({ download: z.string().optional().describe('Present: as a file to keep.') });

/**
 * Every route of the API, by method and path. A test compares the list with the real routes and
 * their guards.
 */
export const OPERATIONS: Record<string, Operation> = {
  'GET /health': { access: 'open', summary: 'The process is up', answer: status },
  'GET /ready': { access: 'open', summary: 'Database and storage are reachable', answer: readiness },
  'GET /openapi.json': { access: 'member', summary: 'This description', answer: z.looseObject({}) },
  'GET /files/:key': {
    access: 'open',
    summary: 'A stored file: Range, ETag, immutable',
    params: fileKey,
    query: download,
    answer: '*/*',
  },

  'GET /auth/me': { access: 'open', summary: 'Who is signed in', answer: accounts.meResponse },
  'POST /auth/register': {
    access: 'open',
    summary: 'Join: the first account is the admin, everybody else needs an invite',
    body: accounts.registerRequest,
    answer: accounts.user,
    status: 201,
  },
  'POST /auth/login': {
    access: 'open',
    summary: 'Sign in',
    body: accounts.loginRequest,
    answer: accounts.user,
  },
  'POST /auth/logout': { access: 'member', summary: 'Sign out' },
  'PATCH /auth/password': {
    access: 'member',
    summary: 'Change one’s password, which ends the other sessions',
    body: accounts.passwordChange,
  },
  'GET /auth/sessions': { access: 'member', summary: 'One’s sessions', answer: accounts.sessionList },
  'DELETE /auth/sessions': { access: 'member', summary: 'Sign out everywhere' },
  'DELETE /auth/sessions/:id': {
    access: 'member',
    summary: 'End one of one’s sessions',
    params: accounts.sessionId,
  },
  'POST /auth/reset': {
    access: 'open',
    summary: 'A new password, by the code of a reset link',
    body: accounts.resetRequest,
    answer: accounts.user,
  },
  'POST /auth/reset/check': {
    access: 'open',
    summary: 'Whose reset link it is',
    body: accounts.codeRequest,
    answer: accounts.resetInfo,
  },

  'GET /invites': {
    access: 'member',
    summary: 'One’s invites; all of them for an admin',
    answer: invites.inviteList,
  },
  'POST /invites': {
    access: 'member',
    summary: 'Invite somebody',
    body: invites.newInvite,
    answer: invites.createdInvite,
    status: 201,
  },
  'POST /invites/check': {
    access: 'open',
    summary: 'Who invites',
    body: accounts.codeRequest,
    answer: invites.inviteInfo,
  },
  'DELETE /invites/:id': { access: 'member', summary: 'Take an invite back', params: invites.inviteId },

  'GET /users': { access: 'admin', summary: 'Everybody', answer: users.personList },
  'PATCH /users/:id': {
    access: 'admin',
    summary: 'Promote, demote, disable, enable',
    params: users.userId,
    body: users.personPatch,
    answer: users.person,
  },
  'POST /users/:id/reset': {
    access: 'admin',
    summary: 'A link by which that person chooses a new password',
    params: users.userId,
    answer: users.resetLink,
    status: 201,
  },

  'GET /admin/settings': { access: 'admin', summary: 'Settings', answer: admin.settings },
  'PATCH /admin/settings': {
    access: 'admin',
    summary: 'Change settings',
    body: admin.settingsPatch,
    answer: admin.settings,
  },
  'GET /admin/usage': { access: 'admin', summary: 'Storage by person and kind', answer: admin.usage },
  'GET /admin/jobs': { access: 'admin', summary: 'Queues and failed items', answer: admin.jobsState },
  'POST /admin/jobs/retry': {
    access: 'admin',
    summary: 'Do the background work again: of one failed item, of all that failed, or of everything',
    body: admin.retryRequest,
    answer: admin.retryResult,
  },

  'GET /media': {
    access: 'member',
    summary: 'Newest first, or what a search finds',
    query: media.mediaListQuery,
    answer: media.mediaList,
  },
  'POST /media': {
    access: 'member',
    summary: 'Put something in',
    form: upload,
    answer: media.mediaItem,
    status: 201,
  },
  'POST /media/trash': {
    access: 'member',
    summary: 'Many items into the trash',
    body: selection.selection,
    answer: selection.selectionMoved,
  },
  'POST /media/restore': {
    access: 'member',
    summary: 'Many items out of the trash',
    body: selection.selection,
    answer: selection.selectionMoved,
  },
  'POST /media/zip': {
    access: 'member',
    summary: 'Many originals as one archive',
    form: selection.zipForm,
    answer: 'application/zip',
  },
  'GET /media/known/:sha256': {
    access: 'member',
    summary: 'Whether a file is here already, and as what',
    params: media.sha256Param,
    answer: known,
  },
  'GET /media/:id': { access: 'member', summary: 'An item', params: media.mediaId, answer: media.mediaItem },
  'PATCH /media/:id': {
    access: 'member',
    summary: 'Change its title, description or text',
    params: media.mediaId,
    body: media.mediaPatch,
    answer: media.mediaItem,
  },
  'DELETE /media/:id': { access: 'member', summary: 'Into the trash', params: media.mediaId },
  'POST /media/:id/restore': {
    access: 'member',
    summary: 'Out of the trash',
    params: media.mediaId,
    answer: media.mediaItem,
  },
  'PUT /media/:id/file': {
    access: 'member',
    summary: 'Replace its file',
    params: media.mediaId,
    form: z.object({ file: binary }),
    answer: media.mediaItem,
  },
  'PUT /media/:id/tags': {
    access: 'member',
    summary: 'Set its tags',
    params: media.mediaId,
    body: tags.tagsBody,
    answer: media.mediaItem,
  },
  'POST /media/:id/reprocess': {
    access: 'member',
    summary: 'Make its renditions and text again',
    params: media.mediaId,
    body: media.reprocessBody,
    answer: media.mediaItem,
  },
  'GET /media/:id/clipboard': {
    access: 'member',
    summary: 'As a PNG for the clipboard',
    params: media.mediaId,
    answer: 'image/png',
  },

  'GET /search/suggestions': {
    access: 'member',
    summary: 'What the last word of a search may become',
    query: search.suggestionsQuery,
    answer: search.suggestions,
  },
  'GET /search/people': {
    access: 'member',
    summary: 'Who has something in the folder',
    answer: search.people,
  },
  'GET /search/surprise': { access: 'member', summary: 'Any item', answer: media.mediaItem },

  'GET /shares': {
    access: 'member',
    summary: 'Share links, newest first: the own ones, or all for an admin',
    query: shares.shareListQuery,
    answer: shares.shareList,
  },
  'POST /shares': {
    access: 'member',
    summary: 'Share items by a link',
    body: shares.newShare,
    answer: shares.shareAnswer,
    status: 201,
  },
  'DELETE /shares': {
    access: 'member',
    summary: 'End the own share links, or all for an admin',
    query: shares.shareScope,
    answer: shares.sharesRevoked,
  },
  'POST /shares/link': {
    access: 'member',
    summary: 'One’s lasting share link of an item, made on the first call',
    body: shares.shareLink,
    answer: shares.shareAnswer,
  },
  'GET /shares/:code': {
    access: 'member',
    summary: 'A share link, for its owner or an admin',
    params: shares.shareParam,
    answer: shares.shareDetailAnswer,
  },
  'PATCH /shares/:code': {
    access: 'member',
    summary: 'Change a share link, for its owner or an admin',
    params: shares.shareParam,
    body: shares.sharePatch,
    answer: shares.shareAnswer,
  },
  'DELETE /shares/:code': {
    access: 'member',
    summary: 'End a share link, for its owner or an admin',
    params: shares.shareParam,
  },

  'GET /tags': {
    access: 'member',
    summary: 'Tags by their beginning',
    query: tags.tagsQuery,
    answer: tags.tagList,
  },
  'POST /tags/changes': {
    access: 'member',
    summary: 'Tag and untag many items',
    body: tags.tagChanges,
    answer: tags.tagChangesDone,
  },
  'GET /tags/related/:id': {
    access: 'member',
    summary: 'Tags that go with those of an item',
    params: tags.taggedMedia,
    answer: tags.tagList,
  },
  'PATCH /tags/:name': {
    access: 'admin',
    summary: 'Rename a tag',
    params: tags.tagParam,
    body: tags.renameTag,
    answer: tags.tagWithUses,
  },
  'POST /tags/:name/merge': {
    access: 'admin',
    summary: 'Make one tag of two',
    params: tags.tagParam,
    body: tags.mergeTag,
    answer: tags.tagWithUses,
  },
  'DELETE /tags/:name': {
    access: 'admin',
    summary: 'Take a tag off everything',
    params: tags.tagParam,
  },
};
