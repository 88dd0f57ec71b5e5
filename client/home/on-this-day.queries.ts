import { queryOptions } from '@tanstack/solid-query';
import { api, unwrap } from '../api/client.ts';
import { dayName, sameDays } from './on-this-day.model.ts';

/** The items of this day in earlier years, newest first. */
export const onThisDayQuery = (now: Date) =>
  queryOptions({
    queryKey: ['days', dayName(now)],
    queryFn: async ({ signal }) => {
      const day = sameDays(now).map(({ from, to }) => `${from}-${to}`);
      return (await unwrap(api.search.days.$get({ query: { day } }, { init: { signal } }))).items;
    },
    staleTime: Infinity,
    retry: false,
  });
