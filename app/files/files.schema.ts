import { z } from 'zod';
import { storableString } from '../http/text.schema.ts';

/** `GET /api/files/:key`; the service checks the key. */
export const fileKey = z.object({ key: z.string() });

/** Only the presence of `download` counts. */
export const fileQuery = z.object({
  download: z
    .union([storableString, z.array(storableString)])
    .optional()
    .describe('If present, the browser saves the file.'),
});
