import { errorBody } from '../../app/http/errors.schema.ts';

/**
 * Returns status and code of an answer in one line: `409 last_admin`. A success or redirect gives
 * only `200`.
 */
export async function outcome(response: Response): Promise<string> {
  if (response.status < 400) return String(response.status);
  // Share pages tell their errors in words.
  if (response.headers.get('content-type')?.startsWith('text/html')) return `${response.status} page`;
  return `${response.status} ${errorBody.parse(await response.json()).code}`;
}
