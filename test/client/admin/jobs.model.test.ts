import { expect, it } from 'vitest';
import * as fetches from '../../../app/fetches/fetches.jobs.ts';
import * as media from '../../../app/media/media.jobs.ts';
import * as resumable from '../../../app/resumable/resumable.jobs.ts';
import { queueLabelKey } from '../../../client/admin/jobs.model.ts';
import { people } from '../../../client/i18n/languages/en.ts';

it('has words for every kind of job there is', () => {
  const names = Object.values({ ...media, ...fetches, ...resumable }).flatMap((job) =>
    typeof job === 'object' && 'name' in job ? [job.name] : [],
  );
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const key = queueLabelKey(name);
    expect([name, key && people[key]]).toEqual([name, expect.any(String)]);
  }
});

it('leaves the name of another as it is', () => {
  expect(queueLabelKey('media.something-new')).toBeNull();
  expect(queueLabelKey('thumbnail')).toBeNull();
});
