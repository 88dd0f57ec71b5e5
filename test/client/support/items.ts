import type { MediaItem, MediaList, MediaListItem } from '../../../app/media/media.schema.ts';
import { toListItem, type Pages } from '../../../client/library/list-pages.ts';

/** Makes an id that sorts by `age`: the higher, the older. */
export const idOf = (age: number): string =>
  `0190${String(9999 - age).padStart(4, '0')}-0000-7000-8000-000000000000`;

/** Makes an item as the API sends it; `age` in minutes before noon. */
export function item(age: number, more: Partial<MediaItem> = {}): MediaItem {
  return {
    id: idOf(age),
    kind: 'image',
    mime: 'image/jpeg',
    width: 600,
    height: 400,
    durationMs: null,
    byteSize: 1000,
    title: '',
    description: '',
    originalName: 'cat.jpg',
    text: '',
    textEdited: false,
    tags: [],
    favourites: 0,
    favourite: false,
    state: 'ready',
    failure: null,
    stages: [],
    url: `/api/files/${age}.jpg`,
    thumbUrl: `/api/files/${age}.webp`,
    largeUrl: null,
    thumbHash: null,
    posterUrl: null,
    previewUrl: null,
    playbackUrl: null,
    hasAudio: false,
    owner: { id: idOf(0), username: 'maija' },
    createdAt: new Date(Date.UTC(2026, 0, 1, 12) - age * 60_000).toISOString(),
    deletedAt: null,
    ...more,
  };
}

export const listItem = (age: number, more: Partial<MediaListItem> = {}): MediaListItem => ({
  ...toListItem(item(age)),
  ...more,
});

/** Makes a page of items by age. */
export const page = (ages: number[], nextCursor: string | null = null): MediaList => ({
  items: ages.map((age) => listItem(age)),
  nextCursor,
  total: null,
  corrected: null,
});

/** Makes loaded pages; all but the last have a next page. */
export const pages = (...ages: number[][]): Pages => ({
  pages: ages.map((some, at) => page(some, at < ages.length - 1 ? `after-${at}` : null)),
  pageParams: ages.map((_, at) => (at === 0 ? '' : `after-${at - 1}`)),
});

/** Returns the ages of the items, page by page. */
export const agesOf = (some: Pages): number[][] =>
  some.pages.map((one) => one.items.map((each) => 9999 - Number(each.id.slice(4, 8))));
