import { createContext, useContext } from 'solid-js';
import type { createUploads } from './upload.model.ts';

export const UploadsContext = createContext<ReturnType<typeof createUploads>>();

/** Returns the page's uploads; throws outside `Uploader`. */
export function useUploads() {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error('useUploads outside Uploader');
  return uploads;
}
