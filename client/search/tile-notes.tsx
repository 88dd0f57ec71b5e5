import type { MediaListItem } from '../../app/media/media.schema.ts';
import { setTileNote, tileNote } from '../grid/tile-settings.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { readSetting, saveSetting } from '../lib/local-storage.ts';

/** The owner and the age of an item, over the lower edge of its picture. */
function TileNote(props: { item: MediaListItem }) {
  const i18n = useI18n();
  return (
    <span class="tile-note" aria-hidden="true">
      <span>{props.item.owner.username}</span> {i18n.age(props.item.createdAt)}
    </span>
  );
}

export const showsNotes = (): boolean => tileNote() !== undefined;

/** Shows or hides notes on every tile, and keeps the choice on this device. */
export function useNotes(shown: boolean): void {
  setTileNote(() => (shown ? TileNote : undefined));
  saveSetting('notes', shown ? 'yes' : null);
}

if (readSetting('notes') !== null) setTileNote(() => TileNote);
