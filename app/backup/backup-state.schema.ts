import { z } from 'zod';

/**
 * Reasons why the backups are not as they should be.
 *
 * - `off`: the app has no recipient
 * - `unreachable`: their place cannot be listed
 * - `missing`: there is none yet
 * - `late`: two nights have passed since the last one
 */
export const backupProblem = z.enum(['off', 'unreachable', 'missing', 'late']);
export type BackupProblem = z.infer<typeof backupProblem>;
