import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import { aptInstall, mayInstall, onPath } from '../../app/local/apt.ts';

/**
 * Installs what the tests need beside npm's packages, and reports it: a browser, ffmpeg, exiftool
 * and curl. The browser comes from Playwright's installer, or from Debian's chromium if that is
 * unreachable. The others come through apt-get.
 */

const say = (line: string): void => void process.stdout.write(`provision: ${line}\n`);

/**
 * Installs Debian packages if allowed.
 * @returns whether that worked
 */
function install(packages: readonly string[]): boolean {
  if (!mayInstall()) return false;
  say(`apt-get install ${packages.join(' ')}`);
  return aptInstall(packages);
}

/** Returns the path of a chromium for the tests: Playwright's, else the system's. */
export function findChromium(): string | null {
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  return (
    ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) ?? null
  );
}

function provideBrowser(): void {
  const found = findChromium();
  if (found) return say(`browser: ${found}`);
  say("no browser: trying Playwright's installer");
  spawnSync('playwright', ['install', '--only-shell', 'chromium'], { stdio: 'ignore', timeout: 300_000 });
  if (findChromium() === null) install(['chromium']);
  const now = findChromium();
  if (now === null)
    throw new Error('No browser. Type: sudo apt-get install chromium (or npx playwright install chromium)');
  say(`browser: ${now}`);
}

function provideFfmpeg(): void {
  if (!onPath('ffmpeg')) install(['ffmpeg']);
  if (!onPath('ffmpeg'))
    throw new Error('No ffmpeg. Type: sudo apt-get install ffmpeg (macOS: brew install ffmpeg)');
  say(`ffmpeg: ${execFileSync('ffmpeg', ['-version']).toString().split('\n')[0]}`);
}

/** exiftool reads the metadata left in a stored file, independently of the code that removed it. */
function provideExiftool(): void {
  if (!onPath('exiftool')) aptInstall(['libimage-exiftool-perl']);
  if (!onPath('exiftool'))
    throw new Error(
      'No exiftool. Type: sudo apt-get install libimage-exiftool-perl (macOS: brew install exiftool)',
    );
  say(`exiftool: ${execFileSync('exiftool', ['-ver']).toString().trim()}`);
}

/** curl runs the examples of docs/api.md. */
function provideCurl(): void {
  if (!onPath('curl')) aptInstall(['curl']);
  if (!onPath('curl')) throw new Error('No curl. Type: sudo apt-get install curl');
}

/**
 * Installs servers that production has and development does not: an S3 storage and a pooler before
 * PostgreSQL.
 */
function provideServers(): void {
  const wanted = {
    'ceph-mon': 'ceph-mon',
    'ceph-osd': 'ceph-osd',
    radosgw: 'radosgw',
    pgbouncer: 'pgbouncer',
  };
  const absent = () =>
    Object.entries(wanted)
      .filter(([program]) => !onPath(program) && !existsSync(`/usr/sbin/${program}`))
      .map(([, name]) => name);
  if (absent().length > 0) install(absent());
  const still = absent();
  if (still.length === 0) return say('servers: Ceph object gateway, PgBouncer');
  say(`not here: ${still.join(', ')}. Their tests are skipped; sudo apt-get install ${still.join(' ')}`);
}

/** Installs buildah if there is no engine. Without it the image test is skipped, and says so. */
function provideImageBuilder(): void {
  const engine = ['docker', 'podman'].find(
    (name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0,
  );
  if (engine) return say(`image builder: ${engine}`);
  const missing = ['buildah', 'mmdebstrap'].filter((name) => !onPath(name));
  if (missing.length > 0 && !install(missing)) {
    return say(
      `no image builder, the image is not tested. Type: sudo apt-get install ${missing.join(' ')}, and test as root`,
    );
  }
  say('image builder: buildah');
}

if (import.meta.main) {
  provideServers();
  provideBrowser();
  provideFfmpeg();
  provideExiftool();
  provideCurl();
  provideImageBuilder();
}
