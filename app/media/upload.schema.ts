import { z } from 'zod';
import { textField } from '../http/text.schema.ts';
import { uploadTags } from '../tags/tags.schema.ts';
import { MAX_TITLE_UNITS } from './media.limits.ts';

/** The fields beside the file of an upload. */
export const uploadFields = z.object({
  title: textField(MAX_TITLE_UNITS).default(''),
  tags: uploadTags.default([]).describe('Names with commas between.'),
});

/** The form of `PUT /api/media/:id/file`. */
export const fileForm = z.object({ file: z.string().meta({ format: 'binary' }) });

/** The form of `POST /api/media`. */
export const uploadForm = uploadFields.extend(fileForm.shape);
