import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';
import { mediaKind } from '../media/media.schema.ts';
import { MAX_SHARE_ITEMS, SHARE_PREVIEW_ITEMS } from './shares.limits.ts';

/** The secret part of a share page's address: 128 random bits, base64url. */
export const SHARE_CODE = /^[A-Za-z0-9_-]{22}$/;

/** The code of a share in a path; any other text names no share. */
export const shareParam = z.object({ code: z.string().regex(SHARE_CODE) });

/** PostgreSQL writes ids in lower case. */
const itemId = z.uuid().toLowerCase();
const expires = z.enum(['never', 'day', 'week', 'month']);

/** File addresses can end with a lifetime, or with a revocation that asks for it. */
export const NEVER_ENDS = 'Choose a lifetime: this share never expires.';

/** The page of a collection follows its contents, so no file addresses end with it. */
export const NO_END_OF_COLLECTION = 'The share of a collection ends no file addresses.';

/**
 * `POST /api/shares`: the items in the order of the page. An item that is named twice shows once.
 * Instead of items, a collection: the page shows what it has whenever somebody looks.
 */
export const newShare = z
  .object({
    itemIds: z.array(itemId).min(1).max(MAX_SHARE_ITEMS).optional(),
    collectionId: z.uuid().optional(),
    expires: expires.default('never'),
    /** Whether the page names the one who shares. */
    showSharer: z.boolean().default(false),
    /** Whether the file addresses of the items end when the share expires. */
    endFileAddress: z.boolean().default(false),
  })
  .refine((share) => !(share.endFileAddress && share.expires === 'never'), {
    path: ['endFileAddress'],
    error: NEVER_ENDS,
  })
  .refine((share) => (share.itemIds === undefined) !== (share.collectionId === undefined), {
    path: ['itemIds'],
    error: 'Name either items or a collection.',
  })
  .refine((share) => !(share.endFileAddress && share.collectionId !== undefined), {
    path: ['endFileAddress'],
    error: NO_END_OF_COLLECTION,
  });

/** `POST /api/shares/link` */
export const shareLink = z.object({ itemId });

/** `PATCH /api/shares/:code`: changes the given fields. A lifetime counts from now. */
export const sharePatch = z
  .object({ expires, showSharer: z.boolean(), endFileAddress: z.boolean() })
  .partial();

const scope = z.enum(['mine', 'all']).default('mine');

/**
 * `GET /api/shares`: the user's own, or all for an admin. `item` lists only those that show this
 * item. `collection` lists those of this collection: to its owner and admins, of all users.
 */
export const shareListQuery = z.object({
  scope,
  item: z.uuid().optional(),
  collection: z.uuid().optional(),
  cursor: wireText(100).optional(),
});

/** `DELETE /api/shares/:code`: whether the file addresses of the items end, too. */
export const shareEnd = z.object({ endFileAddress: z.stringbool().optional() });

/** `DELETE /api/shares` */
export const shareScope = z.object({ scope });

/** One share, as its owner and admins see it. Times ISO 8601. */
export const share = z.object({
  code: z.string(),
  /** Full address of the share page. */
  url: z.string(),
  createdAt: z.iso.datetime(),
  /** `null`: never. */
  expiresAt: z.iso.datetime().nullable(),
  showSharer: z.boolean(),
  /** The collection whose items the page shows; `null` for a share of chosen items. */
  collection: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  sharedBy: z.object({ id: z.uuid(), username: z.string() }),
  /** Number of items that are shared: neither trashed nor deleted for good. */
  itemCount: z.number().int(),
  /** The first of these items. */
  items: z
    .array(
      z.object({
        id: z.uuid(),
        title: z.string(),
        kind: mediaKind,
        thumbnailUrl: z.string().nullable(),
      }),
    )
    .max(SHARE_PREVIEW_ITEMS),
  /** How often people opened the page. Counted without cookies and without crawlers. */
  opens: z.number().int(),
  lastOpenedAt: z.iso.datetime().nullable(),
  /**
   * `deleted`: every item is in the trash or deleted for good. Only `live` ones are served. That of
   * a collection without items is `live`, and served once it has one.
   */
  state: z.enum(['live', 'expired', 'revoked', 'deleted']),
  /** Whether another live share shows one of the items. */
  otherShares: z.boolean(),
  /** Whether the file addresses of the items end when the share expires. */
  endFileAddress: z.boolean(),
  /** Whether the signed-in user may end the file addresses: owns every item, or is an admin. */
  mayEndFileAddress: z.boolean(),
});

/** The answer of every route for one share. */
export const shareAnswer = z.object({ share });

/** `GET /api/shares`: newest first. */
export const shareList = z.object({ shares: z.array(share), next: z.string().nullable() });

/** `DELETE /api/shares`: the number of live shares that ended. */
export const sharesRevoked = z.object({ revoked: z.number().int() });

export type Share = z.infer<typeof share>;
export type NewShare = z.infer<typeof newShare>;
export type SharePatch = z.infer<typeof sharePatch>;
export type ShareList = z.infer<typeof shareList>;
export type ShareListQuery = z.infer<typeof shareListQuery>;
