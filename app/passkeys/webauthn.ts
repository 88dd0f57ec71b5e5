import type { AttestationFormat } from '@simplewebauthn/server/helpers';
import type { Logger } from 'pino';
import { AppError } from '../http/errors.ts';
import type { ErrorCode } from '../http/errors.schema.ts';
import type { RelyingParty } from '../http/relying-party.ts';
import { CHALLENGE_SECONDS } from './passkeys.limits.ts';
import {
  creationOptions,
  requestOptions,
  type CreationOptions,
  type NewPasskey,
  type PasskeySignIn,
  type RequestOptions,
} from './passkeys.schema.ts';

/** EdDSA, ES256 and RS256: https://www.iana.org/assignments/cose/cose.xhtml#algorithms */
const ALGORITHMS = [-8, -7, -257];

/** Loads late: it takes part of a cold start, and most requests need nothing of it. */
const library = () => import('@simplewebauthn/server');

export interface NewCredential {
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
}

/** The ceremonies of WebAuthn. User verification (a PIN, a fingerprint) is always required. */
export interface WebAuthn {
  creationOptions(wanted: {
    party: RelyingParty;
    user: { id: string; username: string };
    /** The passkeys of the user, so that an authenticator makes no second one. */
    exclude: { id: string; transports: string[] }[];
  }): Promise<CreationOptions>;
  requestOptions(party: RelyingParty): Promise<RequestOptions>;
  /** Returns the credential of a new passkey. Errors: `passkey_invalid`. */
  verifyCreation(
    answer: NewPasskey['response'],
    expected: { challenge: string; party: RelyingParty },
  ): Promise<NewCredential>;
  /**
   * Returns the counter of a signed answer. The caller compares it with the stored one, under a
   * lock. The library compares it before the signature, so anybody could claim a copy. Errors:
   * `passkey_refused`.
   */
  verifyRequest(
    answer: PasskeySignIn,
    expected: { challenge: string; party: RelyingParty; publicKey: Uint8Array },
  ): Promise<number>;
}

export function createWebAuthn(logger: Logger): WebAuthn {
  /** Runs a check of the library, whose errors have no type. The log tells the reason. */
  async function check<Result>(
    code: ErrorCode,
    message: string,
    verify: () => Promise<Result | null>,
  ): Promise<Result> {
    let cause: unknown = new Error('The signature is wrong.');
    try {
      const result = await verify();
      if (result !== null) return result;
    } catch (error) {
      cause = error;
    }
    logger.info({ err: cause, code }, 'an answer of an authenticator was refused');
    throw new AppError(code, message, { cause });
  }

  return {
    async creationOptions({ party, user, exclude }) {
      const { generateRegistrationOptions } = await library();
      return creationOptions.parse(
        await generateRegistrationOptions({
          rpName: 'meemikansio',
          rpID: party.id,
          userID: bytesOfId(user.id),
          userName: user.username,
          userDisplayName: user.username,
          timeout: CHALLENGE_SECONDS * 1000,
          attestationType: 'none',
          excludeCredentials: exclude,
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          supportedAlgorithmIDs: ALGORITHMS,
        }),
      );
    },

    async requestOptions(party) {
      const { generateAuthenticationOptions } = await library();
      return requestOptions.parse(
        await generateAuthenticationOptions({
          rpID: party.id,
          timeout: CHALLENGE_SECONDS * 1000,
          userVerification: 'required',
        }),
      );
    },

    verifyCreation: ({ id, response }, { challenge, party }) =>
      check('passkey_invalid', 'The passkey could not be verified.', async () => {
        await refuseForeignAttestation(response.attestationObject);
        const { verifyRegistrationResponse } = await library();
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
          expectedChallenge: challenge,
          expectedOrigin: party.origins,
          expectedRPID: party.id,
          requireUserVerification: true,
          supportedAlgorithmIDs: ALGORITHMS,
        });
        if (!verified || registrationInfo.credential.id !== id) return null;
        const { publicKey, counter } = registrationInfo.credential;
        return { credentialId: id, publicKey, counter, transports: response.transports };
      }),

    verifyRequest: ({ id, response }, { challenge, party, publicKey }) =>
      check('passkey_refused', 'This passkey does not work here.', async () => {
        const { verifyAuthenticationResponse } = await library();
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
          expectedChallenge: challenge,
          expectedOrigin: party.origins,
          expectedRPID: party.id,
          credential: { id, publicKey: Uint8Array.from(publicKey), counter: 0 },
          requireUserVerification: true,
        });
        return verified ? authenticationInfo.newCounter : null;
      }),
  };
}

/**
 * Returns what an authenticator stores as the user of a passkey, in base64url: the bytes of the id.
 */
export const userHandleOf = (userId: string): string => Buffer.from(bytesOfId(userId)).toString('base64url');

const bytesOfId = (id: string) => Uint8Array.from(Buffer.from(id.replaceAll('-', ''), 'hex'));

/** The formats without a certificate. `packed` may have one. */
const PLAIN_FORMATS = new Set<AttestationFormat>(['none', 'packed']);

/**
 * Throws for an attestation that brings certificates. Browsers send none, because the options ask
 * for none. The library would load the revocation list that a certificate names, from any address.
 */
async function refuseForeignAttestation(attestationObject: string): Promise<void> {
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const isPlain =
    PLAIN_FORMATS.has(attestation.get('fmt')) && attestation.get('attStmt').get('x5c') === undefined;
  if (!isPlain) throw new Error('The attestation has certificates.');
}
