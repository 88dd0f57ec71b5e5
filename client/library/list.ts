import { InfiniteQueryObserver, useQueryClient } from '@tanstack/solid-query';
import type { Accessor } from 'solid-js';
import { createObserverSignal } from '../api/query-observer.ts';
import { listQuery } from './list.queries.ts';

/** The state of the list for `q` and what can be asked of it. */
export function createList(q: Accessor<string>) {
  const observer = new InfiniteQueryObserver(useQueryClient(), listQuery(q()));
  return createObserverSignal(observer, () => listQuery(q()));
}
