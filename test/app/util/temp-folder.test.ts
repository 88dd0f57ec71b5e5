import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTempFolder, sweepTempFolders } from '../../../app/util/temp-folder.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'meemikansio-temp-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const folderOf = (pid: number | undefined, host = hostname()) => `${pid}.0123abcd.${host}`;
const make = (name: string) => mkdir(join(base, name, 'upload'), { recursive: true });

it('a start removes what dead processes left, and leaves the folders of living ones', async () => {
  const dead = spawnSync('true').pid;
  await make(folderOf(dead));
  await make(folderOf(process.ppid));
  await make('something-else');
  const own = await openTempFolder(base);
  expect((await readdir(base)).toSorted()).toEqual(
    [folderOf(process.ppid), own.slice(base.length + 1)].toSorted(),
  );
});

it('a start removes what the process of its own number left: in a container every process is number 1', async () => {
  await make(folderOf(process.pid));
  const own = await openTempFolder(base);
  expect(await readdir(base)).toEqual([own.slice(base.length + 1)]);
  expect(await sweepTempFolders(base)).toBe(0);
  expect(await readdir(base)).toHaveLength(1);
});

it('a second folder of one process leaves the first where it is, as a command beside the app does', async () => {
  const first = await openTempFolder(base);
  const second = await openTempFolder(base);
  expect((await readdir(base)).map((name) => join(base, name)).toSorted()).toEqual(
    [first, second].toSorted(),
  );
});

it('a folder of another machine goes when it has not changed for a day', async () => {
  await make(folderOf(1, 'elsewhere'));
  await make(folderOf(2, 'elsewhere'));
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await utimes(join(base, folderOf(1, 'elsewhere')), yesterday, yesterday);
  expect(await sweepTempFolders(base)).toBe(1);
  expect(await readdir(base)).toEqual([folderOf(2, 'elsewhere')]);
});
