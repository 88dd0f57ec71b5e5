import type { Config } from '../config.ts';

/** Returns the origin that serves objects to browsers; `null` if the app serves them. */
export const mediaOrigin = ({ storage: { backend, s3 } }: Config): string | null =>
  backend === 's3' && s3 ? new URL(s3.publicUrl).origin : null;
