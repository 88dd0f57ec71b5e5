import type { Config } from '../config.ts';

/** Where browsers get the objects from, when that is not the app itself. */
export const mediaOrigin = ({ storage: { backend, s3 } }: Config): string | null =>
  backend === 's3' && s3 ? new URL(s3.publicUrl).origin : null;
