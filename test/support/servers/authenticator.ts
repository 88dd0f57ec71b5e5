import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type {
  CreationOptions,
  NewPasskey,
  PasskeySignIn,
  RequestOptions,
} from '../../../app/passkeys/passkeys.schema.ts';

/** Flags of authenticator data: https://www.w3.org/TR/webauthn-3/#authdata-flags */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** The differences of an answer from an honest one. */
export interface Deviation {
  origin?: string;
  rpId?: string;
  challenge?: string;
  /** The kind of ceremony in the client data. */
  type?: string;
  present?: boolean;
  verified?: boolean;
  counter?: number;
  credentialId?: string;
  /** `null` leaves it out, as for a passkey that is not discoverable. */
  userHandle?: string | null;
  attestation?: { fmt: string; statement: [string, Cbor][] };
  /** The algorithm that the public key names. */
  algorithm?: number;
}

/**
 * An authenticator in software, with one passkey: ES256, without attestation. Its page is at
 * `origin`.
 */
export interface Authenticator {
  readonly credentialId: string;
  /** The user of the passkey; a random one before `create`. */
  readonly userHandle: string;
  /** Number of uses. Each honest answer raises it. */
  counter: number;
  create(options: CreationOptions, deviation?: Deviation): NewPasskey['response'];
  get(options: RequestOptions, deviation?: Deviation): PasskeySignIn;
  /** Copies the passkey with its key and counter. */
  clone(): Authenticator;
}

interface Passkey {
  credentialId: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  userHandle: string;
  counter: number;
}

/** Makes an authenticator. */
export function createAuthenticator(origin: string): Authenticator {
  return withPasskey(origin, {
    credentialId: randomBytes(32).toString('base64url'),
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    userHandle: randomBytes(16).toString('base64url'),
    counter: 0,
  });
}

function withPasskey(origin: string, passkey: Passkey): Authenticator {
  const clientData = (type: string, challenge: string, deviation: Deviation) =>
    Buffer.from(
      JSON.stringify({
        type: deviation.type ?? type,
        challenge: deviation.challenge ?? challenge,
        origin: deviation.origin ?? origin,
        crossOrigin: false,
      }),
    );

  function authenticatorData(rpId: string, flags: number, deviation: Deviation): Buffer {
    const { present = true, verified = true, counter = passkey.counter } = deviation;
    const head = Buffer.alloc(5);
    head[0] = flags | (present ? USER_PRESENT : 0) | (verified ? USER_VERIFIED : 0);
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(Buffer.from(deviation.rpId ?? rpId)), head]);
  }

  function credentialData({ credentialId = passkey.credentialId, algorithm = -7 }: Deviation): Buffer {
    const id = Buffer.from(credentialId, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const { x = '', y = '' } = passkey.publicKey.export({ format: 'jwk' });
    // A COSE key on the curve P-256: https://www.rfc-editor.org/rfc/rfc9053#section-7.1.1
    const key: CborMap = new Map<CborKey, Cbor>([
      [1, 2],
      [3, algorithm],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    return Buffer.concat([Buffer.alloc(16), length, id, cbor(key)]);
  }

  return {
    credentialId: passkey.credentialId,
    get userHandle() {
      return passkey.userHandle;
    },
    get counter() {
      return passkey.counter;
    },
    set counter(counter) {
      passkey.counter = counter;
    },

    create({ rp, user, challenge }, deviation = {}) {
      passkey.userHandle = user.id;
      const { fmt, statement } = deviation.attestation ?? { fmt: 'none', statement: [] };
      const attestation: CborMap = new Map<CborKey, Cbor>([
        ['fmt', fmt],
        ['attStmt', new Map(statement)],
        [
          'authData',
          Buffer.concat([authenticatorData(rp.id, HAS_CREDENTIAL, deviation), credentialData(deviation)]),
        ],
      ]);
      return {
        id: deviation.credentialId ?? passkey.credentialId,
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, deviation).toString('base64url'),
          attestationObject: cbor(attestation).toString('base64url'),
          transports: ['internal', 'hybrid'],
        },
      };
    },

    get({ rpId, challenge }, deviation = {}) {
      passkey.counter += 1;
      const data = authenticatorData(rpId, 0, deviation);
      const client = clientData('webauthn.get', challenge, deviation);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), passkey.privateKey);
      const { userHandle = passkey.userHandle } = deviation;
      return {
        id: deviation.credentialId ?? passkey.credentialId,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(userHandle !== null && { userHandle }),
        },
      };
    },

    clone: () => withPasskey(origin, { ...passkey }),
  };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

type CborKey = number | string;
type Cbor = number | string | Buffer | Cbor[] | CborMap;
type CborMap = Map<CborKey, Cbor>;

/** Encodes the part of CBOR that WebAuthn uses: https://www.rfc-editor.org/rfc/rfc8949#section-3 */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === 'string')
    return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([cborHead(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([cborHead(4, value.length), ...value.map(cbor)]);
  const pairs = [...value].flatMap(([key, one]) => [cbor(key), cbor(one)]);
  return Buffer.concat([cborHead(5, value.size), ...pairs]);
}

/** Encodes a major type and its number, below 65,536. */
function cborHead(major: number, count: number): Buffer {
  const kind = major << 5;
  if (count < 24) return Buffer.from([kind | count]);
  if (count < 256) return Buffer.from([kind | 24, count]);
  return Buffer.from([kind | 25, count >> 8, count & 0xff]);
}
