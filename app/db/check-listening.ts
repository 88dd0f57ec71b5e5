import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { DatabaseAddress } from './connection-string.ts';

/** Longer than a notification takes across a continent. */
const NOTIFICATION_TIMEOUT_MS = 1000;

/**
 * Tells whether notifications arrive. A pooler in transaction mode (PgBouncer, Supabase's port
 * 6543) accepts LISTEN and never delivers. Only a test notification shows this.
 */
export async function canListen(address: DatabaseAddress): Promise<boolean> {
  const channel = `meemikansio_${randomBytes(6).toString('hex')}`;
  const clients = [new Client(address), new Client(address)] as const;
  const [listener, sender] = clients;
  // The running query reports the error.
  for (const client of clients) client.on('error', () => {});
  try {
    await Promise.all(clients.map((client) => client.connect()));
    let patience: NodeJS.Timeout | undefined;
    const heard = new Promise<boolean>((answer) => {
      listener.once('notification', () => answer(true));
      patience = setTimeout(() => answer(false), NOTIFICATION_TIMEOUT_MS);
    });
    await listener.query(`listen ${channel}`);
    await sender.query(`notify ${channel}`);
    const result = await heard;
    clearTimeout(patience);
    await listener.query(`unlisten ${channel}`);
    return result;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
