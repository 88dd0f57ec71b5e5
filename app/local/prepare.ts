import { ConfigError, readConfig, type Config } from '../config.ts';
import { exitWith, readOptions, say } from './options.ts';
import { provideFfmpeg } from './provide-ffmpeg.ts';
import { describeStores } from './stores.ts';

/**
 * What `npm start` and `npm run dev` begin with: reads `.env`, says which database and storage are used, and brings ffmpeg.
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
