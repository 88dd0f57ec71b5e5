import { errorBody } from '../../app/http/errors.schema.ts';

/** Status and code of an answer, in one line: `409 last_admin`; `200` alone where it is no error. */
export async function outcome(response: Response): Promise<string> {
  if (response.ok) return String(response.status);
  return `${response.status} ${errorBody.parse(await response.json()).code}`;
}
