import { ConfigError, readConfig, type Config } from '../config.ts';
import { exitWith, readOptions, say } from './options.ts';
import { provideFfmpeg } from './provide-ffmpeg.ts';
import { describeStores } from './stores.ts';

/**
 * Prepares `npm start` and `npm run dev`: reads `.env`, names the database and storage, and
 * provides ffmpeg.
 */
export async function prepare(): Promise<void> {
  const { install } = readOptions();
  const config = configOrExit();
  say(describeStores(config));
  await provideFfmpeg(config.ffmpeg.path, !install, say);
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigError) return exitWith(error.message);
    throw error;
  }
}
