import { z } from 'zod';
import { shareParam } from './shares.schema.ts';

/**
 * An item of a share: the place is a number from 0, or in a collection its number. Any other text
 * names none.
 */
export const shareItemParam = shareParam.extend({
  n: z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .transform(Number),
});
