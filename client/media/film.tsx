import { onMount } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { recall, remember } from '../ui/remember.ts';
import { placeholderOf } from './placeholder.ts';
import './stage.css';

/** A clip shorter than this starts over by itself, as an animation would. In milliseconds. */
const SHORT_MS = 10_000;

/** A video with the browser's own controls, as loud as the last one was. */
export function Film(props: { item: MediaItem; label: string }) {
  let video!: HTMLVideoElement;

  onMount(() => {
    const volume = Number(recall('volume') ?? 1);
    video.muted = volume === 0;
    if (volume > 0 && volume <= 1) video.volume = volume;
  });

  return (
    <div class="stage">
      <div
        class="stage-frame film"
        style={{
          '--ratio': String(props.item.width / props.item.height || 1),
          'background-image': placeholderOf(props.item.thumbHash),
        }}
      >
        <video
          ref={video}
          class="stage-film"
          src={props.item.playbackUrl ?? props.item.url}
          poster={props.item.posterUrl ?? undefined}
          aria-label={props.label}
          controls
          playsinline
          loop={(props.item.durationMs ?? Infinity) < SHORT_MS}
          preload="metadata"
          onVolumeChange={() => remember('volume', String(video.muted ? 0 : video.volume))}
        />
      </div>
    </div>
  );
}
