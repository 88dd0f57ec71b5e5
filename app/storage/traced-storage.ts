import type { Trace } from '../util/trace.ts';
import type { Storage } from './storage.ts';

/** Returns the storage with a span for each call that waits for it. Keys are not told. */
export function traceStorage(storage: Storage, trace: Trace): Storage {
  const span = <Result>(name: string, work: () => Promise<Result>): Promise<Result> =>
    trace.run(`storage ${name}`, 'client', { 'storage.backend': storage.backend }, work);
  return {
    ...storage,
    put: (...args) => span('put', () => storage.put(...args)),
    copy: (...args) => span('copy', () => storage.copy(...args)),
    info: (...args) => span('info', () => storage.info(...args)),
    publicInfo: (...args) => span('info', () => storage.publicInfo(...args)),
    read: (...args) => span('read', () => storage.read(...args)),
    delete: (...args) => span('delete', () => storage.delete(...args)),
  };
}
