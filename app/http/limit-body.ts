import { bodyLimit } from 'hono/body-limit';
import { describe } from './describe.ts';

/**
 * Refuses a body of more than `maxBytes`. Errors: `body_too_large`.
 *
 * @example
 * app.post('/tags', member({ … }), limitBody(4_000), validate('json', tagBody), (c) => …);
 */
export const limitBody = (maxBytes: number) =>
  describe(bodyLimit({ maxSize: maxBytes }), { 'x-errors': ['body_too_large'] });
