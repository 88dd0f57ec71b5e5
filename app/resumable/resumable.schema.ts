import { z } from 'zod';
import { mediaItem } from '../media/media.schema.ts';

export const resumableId = z.object({ id: z.uuid() });

/** `POST /api/uploads` and `GET /api/uploads/:id` */
export const resumableUpload = z.object({
  id: z.uuid(),
  /** Announced size of the file. */
  byteSize: z.number().int(),
  /** Number of bytes that the server has. */
  offset: z.number().int(),
  expiresAt: z.iso.datetime(),
  /** The item that the file became; `null` while the upload is unfinished. */
  item: mediaItem.nullable(),
});

export type ResumableUpload = z.infer<typeof resumableUpload>;
