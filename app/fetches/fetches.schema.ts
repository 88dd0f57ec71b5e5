import { z } from 'zod';
import { ERROR_STATUS, isErrorCode } from '../http/errors.schema.ts';
import { textField } from '../http/text.schema.ts';
import { MAX_TITLE_UNITS } from '../media/media.limits.ts';
import { tagsBody } from '../tags/tags.schema.ts';
import { MAX_ADDRESS_UNITS } from './fetches.limits.ts';

/** `POST /api/media/from-url`: the fields of an upload, with an address in place of its file. */
export const fetchRequest = z.object({
  url: textField(MAX_ADDRESS_UNITS).pipe(z.string().min(1)),
  title: textField(MAX_TITLE_UNITS).default(''),
  tags: tagsBody.shape.tags.default([]),
});

/**
 * One of the own fetches. `queued`: it waits for its turn. `fetching`: the file arrives. `storing`:
 * the file has arrived and is checked and stored. `done` and `failed` are final.
 */
export const fetchItem = z.object({
  id: z.uuid(),
  url: z.string(),
  state: z.enum(['queued', 'fetching', 'storing', 'done', 'failed']),
  /** Bytes received so far. */
  receivedSize: z.number().int(),
  /** Bytes that the site announced; `null` if it did not. */
  totalSize: z.number().int().nullable(),
  /** The new item, or the one that has the file already (`already_here`). */
  itemId: z.uuid().nullable(),
  /** The code of an error, as the API answers it. */
  failure: z.enum(Object.keys(ERROR_STATUS).filter(isErrorCode)).nullable(),
  createdAt: z.iso.datetime(),
});

/** `GET /api/media/from-url`: newest first. A fetch is kept for a day. */
export const fetchList = z.object({ items: z.array(fetchItem) });

export const fetchId = z.object({ id: z.uuid() });

export type FetchRequest = z.infer<typeof fetchRequest>;
export type FetchItem = z.infer<typeof fetchItem>;
