import { createContext, useContext } from 'solid-js';
import type { Uploads } from './upload.model.ts';

export const UploadsContext = createContext<Uploads>();

/** Returns the page's uploads; throws outside `Uploader`. */
export function useUploads() {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error('useUploads outside Uploader');
  return uploads;
}
