import { expect, it } from 'vitest';
import { parseConfig } from '../../../app/config.ts';
import { describeStores } from '../../../app/local/stores.ts';
import { ffmpegInstallCommand } from '../../../app/media/ffmpeg/install-hint.ts';

it('a start says which database and storage it will use, and no secret', () => {
  expect(describeStores(parseConfig({ DATA_DIR: '/srv/memes' }))).toBe(
    'database: the embedded PostgreSQL in /srv/memes/postgres; files: /srv/memes/media',
  );
  const rented = describeStores(
    parseConfig({
      DATABASE_URL: 'postgres://aino:hunter2@db.example:6543/memes',
      STORAGE_BACKEND: 's3',
      S3_BUCKET: 'memes',
      S3_REGION: 'fr-par',
      S3_ENDPOINT: 'https://s3.fr-par.scw.cloud',
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: 'hunter3',
    }),
  );
  expect(rented).toBe(
    'database: memes at db.example:6543 (DATABASE_URL); files: bucket memes at https://s3.fr-par.scw.cloud',
  );
});

it.each([
  ['darwin', '', false, 'brew install ffmpeg'],
  ['linux', '/usr/bin/apt-get', false, 'sudo apt-get install ffmpeg'],
  ['linux', '/usr/bin/apt-get', true, 'apt-get install ffmpeg'],
  ['linux', '/usr/bin/pacman', false, 'sudo pacman -S ffmpeg'],
  ['linux', '', false, 'install ffmpeg (https://ffmpeg.org/download.html)'],
])('ffmpeg comes on %s with %s, root %s, by: %s', (platform, file, root, command) => {
  expect(ffmpegInstallCommand(platform, (path) => path === file, root)).toBe(command);
});
