import type { Storage } from '../storage/storage.ts';
import type { MediaRow } from './media.repository.ts';
import {
  mediaKind,
  mediaState,
  openStage,
  type FileRole,
  type Match,
  type MediaItem,
  type MediaListItem,
} from './media.schema.ts';
import { failureCodeOf } from './stages/failures.schema.ts';

const openStages = openStage.array();

/** Returns an item's favourites for a user: everybody's number, and the user's own choice. */
export const favouritesFor = (favouredBy: readonly string[], userId: string) => ({
  favourites: favouredBy.length,
  favourite: favouredBy.includes(userId),
});

/**
 * Converts a row to the wire format: keys become addresses, times ISO 8601.
 *
 * @param userId the requesting user
 */
export function toItem(row: MediaRow, storage: Storage, userId: string): MediaItem {
  // The keys of an item in the trash are told to nobody.
  const addressOf = (role: FileRole, key: string) =>
    row.deleted_at === null ? storage.publicUrl(key) : `/api/media/${row.id}/trashed/${role}`;
  const address = (role: FileRole, key: string | null) => (key === null ? null : addressOf(role, key));
  return {
    id: row.id,
    kind: mediaKind.parse(row.kind),
    mime: row.mime,
    width: row.width,
    height: row.height,
    durationMs: row.duration_ms,
    byteSize: row.byte_size,
    title: row.title,
    description: row.description,
    originalName: row.original_name,
    text: row.text,
    textEdited: row.text_edited,
    tags: row.tags,
    ...favouritesFor(row.favoured_by, userId),
    state: mediaState.parse(row.state),
    failure: failureCodeOf(row.failure),
    stages: openStages.parse(
      row.stages.map((stage) => ({ ...stage, failure: failureCodeOf(stage.failure) })),
    ),
    url: addressOf('original', row.object_key),
    thumbUrl: address('thumb', row.thumb_key),
    largeUrl: address('large', row.large_key),
    thumbHash: row.thumb_hash,
    posterUrl: address('poster', row.poster_key),
    previewUrl: address('preview', row.preview_key),
    playbackUrl: address('playback', row.playback_key),
    hasAudio: row.has_audio,
    owner: { id: row.owner_id, username: row.owner_name },
    createdAt: row.created_at.toISOString(),
    deletedAt: row.deleted_at?.toISOString() ?? null,
  };
}

export function toListItem(
  row: MediaRow,
  storage: Storage,
  userId: string,
  match: Match | null = null,
): MediaListItem {
  const { text: _text, ...item } = toItem(row, storage, userId);
  return { ...item, match };
}
