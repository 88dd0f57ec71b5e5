import { Resolver } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecurely } from 'node:tls';
import { FETCH_SECONDS } from './fetches.limits.ts';

/** The end of a connection. Its IP address has been checked. */
export interface Target {
  address: string;
  /** The name that the certificate has to carry; the IP address if there is no name. */
  hostname: string;
  /** 80, or 443 if secure. */
  port: number;
  secure: boolean;
}

/** The way to the internet. Tests bring their own: no setting of the app changes it. */
export interface FetchNetwork {
  /** Returns the IP addresses of a name, the ones to try first at the front. */
  resolve(hostname: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Opens a connection to exactly this IP address. */
  connect(target: Target): Duplex;
  /** Returns a signal that aborts when the time of a fetch is up. */
  deadline(): AbortSignal;
}

/** DNS servers get this long for each of two tries. */
const DNS_TRY_MS = 4000;

/**
 * The network of this machine.
 *
 * Asks the DNS servers itself, without the file `hosts` and the search domains of the machine.
 * `dns.lookup` would also keep one of the few threads that read files.
 */
export const machineNetwork: FetchNetwork = {
  async resolve(hostname, signal) {
    const resolver = new Resolver({ timeout: DNS_TRY_MS, tries: 2 });
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  },

  // An IP address as the host: neither function resolves a name.
  connect: ({ address: host, hostname, port, secure }) =>
    secure
      ? connectSecurely({ host, port, ...(isIP(hostname) === 0 && { servername: hostname }) })
      : connect({ host, port }),

  deadline: () => AbortSignal.timeout(FETCH_SECONDS * 1000),
};
