import type { QueryClient } from '@tanstack/solid-query';
import { ApiError } from '../api/errors.ts';
import { meQuery } from '../auth/session.queries.ts';
import { addressIn } from './link-address.model.ts';

/**
 * Returns the address of a dropped or pasted link.
 *
 * @throws {ApiError} `link_not_file` where the operator turned addresses off, `address_invalid` for
 *   a link that leads elsewhere than to the web
 */
export function addressOfLink(client: QueryClient, texts: readonly string[]): string {
  if (client.getQueryData(meQuery.queryKey)?.fetchOff) throw new ApiError('link_not_file');
  const address = addressIn(texts);
  if (address === null) throw new ApiError('address_invalid');
  return address;
}
