import type { Picture } from '../formats/browser-view.ts';
import type { StageInput } from './stages.service.ts';

/** The picture that a stage works on, as the module of what browsers show takes it. */
export const pictureOf = ({
  row,
  source,
}: Pick<StageInput, 'row' | 'source'>): Picture & { durationMs: number } => ({
  path: source,
  mime: row.mime,
  animated: row.kind === 'animation',
  durationMs: row.duration_ms ?? 0,
});
