import { createSignal, type Component } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { readSetting, saveSetting } from '../lib/local-storage.ts';

/** Sizes of tiles: the least number of columns, and the width of a column, 1 for the usual. */
export const DENSITIES = { compact: [3, 0.7], normal: [2, 1], large: [1, 1.6] } as const;
export type Density = keyof typeof DENSITIES;

export const isDensity = (name: string | null): name is Density => name !== null && name in DENSITIES;

const stored = readSetting('density');

/** Size of tiles on this device. */
export const [density, setDensity] = createSignal<Density>(isDensity(stored) ? stored : 'normal');

/** Applies a size and keeps it for the next visit. */
export function useDensity(next: Density): void {
  setDensity(next);
  saveSetting('density', next);
}

/** A note that every tile shows over its picture, if any; set by the view menu. */
export const [tileNote, setTileNote] = createSignal<Component<{ item: MediaListItem }>>();
