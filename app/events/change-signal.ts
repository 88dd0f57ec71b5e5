import { Client } from 'pg';
import type { Logger } from 'pino';
import { canListen } from '../db/check-listening.ts';
import type { DatabaseAddress } from '../db/connection-string.ts';

/** The channel that the triggers of the change log notify. */
const CHANNEL = 'media_changes';
/** Interval of polling where notifications do not arrive. */
export const POLL_MS = 3000;
/** Interval of polling beside notifications, in case that one is lost with its connection. */
const SAFETY_POLL_MS = 30_000;

/** Tells a reader of the change log when to read. */
export interface ChangeSignal {
  /** Resolves when the log may have new entries: by a notification, or after a while. */
  next(): Promise<void>;
  /** Ends the waiting and the connection. */
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own while it is open. Behind a pooler in transaction mode, and
 * after the connection is lost, it polls.
 */
export function openChangeSignal(address: DatabaseAddress, logger: Logger): ChangeSignal {
  let closed = false;
  let due = false;
  let wake = () => {};
  let client: Client | undefined;
  const connecting = connect();

  function signal(): void {
    due = true;
    wake();
  }

  async function connect(): Promise<void> {
    try {
      if (!(await canListen(address)) || closed) return;
      const own = new Client({ ...address, application_name: 'meemikansio events' });
      const lost = () => {
        if (client === own) client = undefined;
      };
      own.on('error', lost).on('end', lost).on('notification', signal);
      await own.connect();
      await own.query(`listen ${CHANNEL}`);
      if (closed) await own.end();
      else client = own;
      signal();
    } catch (err) {
      logger.warn({ err }, 'no notifications of changes; they are polled for');
    }
  }

  return {
    async next() {
      if (!due && !closed)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, client ? SAFETY_POLL_MS : POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      due = false;
    },
    async close() {
      closed = true;
      wake();
      await connecting;
      await client?.end();
    },
  };
}
