import type { Picture } from '../formats/browser-view.ts';
import type { StageInput } from './stages.service.ts';

/** Returns the picture of a stage in the form that app/media/formats/browser-view.ts takes. */
export const pictureOf = ({
  row,
  source,
}: Pick<StageInput, 'row' | 'source'>): Picture & { durationMs: number } => ({
  path: source,
  mime: row.mime,
  animated: row.kind === 'animation',
  durationMs: row.duration_ms ?? 0,
});
