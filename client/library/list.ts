import { InfiniteQueryObserver, useQueryClient } from '@tanstack/solid-query';
import type { Accessor } from 'solid-js';
import { createObserverSignal } from '../api/query-observer.ts';
import { withAnswer } from './list-pages.ts';
import { listQuery } from './list.queries.ts';

/** State and actions of the list for `q`. */
export function createList(q: Accessor<string>) {
  const options = () => ({ ...listQuery(q()), structuralSharing: withAnswer });
  const observer = new InfiniteQueryObserver(useQueryClient(), options());
  return createObserverSignal(observer, options);
}
