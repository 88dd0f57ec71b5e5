import { z } from 'zod';
import { currentPassword } from '../auth/auth.schema.ts';

/** The place of a closed account's items: the trash, or the folder of an admin. */
export const itemsOfClosed = z.enum(['trash', 'admin']);

/** `POST /api/account/close` */
export const closeRequest = z.object({ currentPassword, items: itemsOfClosed });

export type ItemsOfClosed = z.infer<typeof itemsOfClosed>;
export type CloseRequest = z.infer<typeof closeRequest>;
