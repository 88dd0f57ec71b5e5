import { errorBody } from '../../app/http/errors.schema.ts';

/**
 * Returns status and code of an answer in one line: `409 last_admin`. A success gives only `200`.
 */
export async function outcome(response: Response): Promise<string> {
  if (response.ok) return String(response.status);
  return `${response.status} ${errorBody.parse(await response.json()).code}`;
}
