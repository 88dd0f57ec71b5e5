import { environments, s3Endpoint, shared } from '../../environments.ts';
import { bootstrapped, STATE_FILE } from '../bootstrap-state.ts';
import { Problem } from '../problem.ts';
import type { Check } from '../step.ts';

/** The names of the buckets, which are unique over all of Scaleway. */
export const names: Check = {
  title: 'Names at Scaleway',
  async run(on) {
    const { mediaBucket, backupBucket, uploadBucket, region } = environments.production;
    const wanted = [
      { name: shared.stateBucket, region: shared.region },
      { name: mediaBucket, region },
      { name: backupBucket, region },
      { name: uploadBucket, region },
    ];
    const own = new Set(await on.facts.buckets());
    if (own.has(shared.stateBucket) && bootstrapped(on).resources.length === 0)
      throw new Problem(
        `The bucket ${shared.stateBucket} is there, and its ${STATE_FILE} is not: copy the file that you have kept to the top of the repository.`,
      );
    for (const bucket of wanted.filter(({ name }) => !own.has(name))) {
      const { status } = await on.fetch(`${s3Endpoint(bucket.region)}/${bucket.name}`, { method: 'HEAD' });
      if (status !== 404)
        throw new Problem(
          `The bucket name ${bucket.name} is taken, or belongs to another project: choose another in stacks/environments.ts.`,
        );
    }
    return wanted.map(({ name }) => `${name} ${own.has(name) ? 'is yours' : 'is free'}`).join(', ');
  },
};
