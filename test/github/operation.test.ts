import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ACTIONS, decide } from '../../.github/scripts/operation.ts';

// Tests what a person's request to the workflow `deploy` means.

const commit = (digit: string) => digit.repeat(40);
const release = (digit: string, prerelease = false) => ({
  tag: `build-${commit(digit)}`,
  prerelease,
  digest: null,
});
const nothing = { action: '', tag: '', lock: '', confirm: '' };
const situation = {
  hostname: 'meemit.example',
  running: commit('2'),
  // 4 is tested, and not released yet.
  releases: [release('4', true), release('3'), release('2'), release('1')],
};

describe('a request', () => {
  it.each([
    ['release', '', '3'],
    ['release', `build-${commit('1')}`, '1'],
    ['roll back', '', '1'],
    ['roll back', `build-${commit('3')}`, '3'],
    ['replace the container', '', '2'],
    ['rotate keys', '', '2'],
  ])('to %s %s takes the image of %s', (action, tag, digit) => {
    expect(decide({ ...nothing, action, tag }, situation)).toEqual({ action, commit: commit(digit) });
  });

  it.each(['replace the container', 'rotate keys'])(
    'to %s takes the last release when the site does not answer',
    (action) => {
      const asleep = { ...situation, running: null };
      expect(decide({ ...nothing, action }, asleep)).toEqual({ action, commit: commit('3') });
    },
  );

  it('to roll back leads to the release before the last when the site does not answer', () => {
    const asleep = { ...situation, running: null };
    expect(decide({ ...nothing, action: 'roll back' }, asleep).commit).toBe(commit('2'));
  });

  it.each([
    [{ action: 'release', tag: `build-${commit('4')}` }, /is no published release/],
    [{ action: 'roll back', tag: 'v1' }, /must be tagged build-<commit>/],
    [{ action: 'unlock the state', lock: 'x; rm -rf /' }, /the id of the lock/],
    [{ action: 'destroy' }, /enter its host name, meemit\.example/],
    [{ action: 'destroy', confirm: 'yes' }, /enter its host name/],
    [{ action: 'reboot' }, /is none of: release, roll back/],
  ])('%j is refused with words', (request, said) => {
    expect(() => decide({ ...nothing, ...request }, situation)).toThrow(said);
  });

  it('is refused when there is no release for it', () => {
    const young = { ...situation, running: commit('1'), releases: [release('1')] };
    expect(() => decide({ ...nothing, action: 'roll back' }, young)).toThrow(/no release before the one/);
    const empty = { ...situation, running: null, releases: [] };
    expect(() => decide({ ...nothing, action: 'release' }, empty)).toThrow(/no published release/);
  });

  it('to unlock needs no release, and to destroy the name of the site', () => {
    const lock = '8c9b2c0e-5f51-4b7e-9a0c-1d2e3f4a5b6c';
    expect(decide({ ...nothing, action: 'unlock the state', lock }, { ...situation, releases: [] })).toEqual({
      action: 'unlock the state',
      commit: '',
    });
    expect(decide({ ...nothing, action: 'destroy', confirm: 'meemit.example' }, situation)).toEqual({
      action: 'destroy',
      commit: commit('2'),
    });
  });

  it('is one of those that the form of the workflow offers', () => {
    const file = join(import.meta.dirname, '../../.github/workflows/deploy.yml');
    const { on } = z
      .object({
        on: z.object({
          workflow_dispatch: z.object({
            inputs: z.object({ action: z.object({ options: z.array(z.string()) }) }),
          }),
        }),
      })
      .parse(parse(readFileSync(file, 'utf8')));
    expect(on.workflow_dispatch.inputs.action.options).toEqual(ACTIONS);
  });
});
