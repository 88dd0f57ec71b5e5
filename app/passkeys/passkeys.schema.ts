import { z } from 'zod';
import { currentPassword } from '../auth/auth.schema.ts';
import { textField } from '../http/text.schema.ts';
import { MAX_PASSKEY_NAME_UNITS } from './passkeys.limits.ts';

/** Bytes in base64url without padding, as WebAuthn writes them in JSON. */
const bytes = (maxBytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(Math.ceil((maxBytes * 4) / 3));

/** https://www.w3.org/TR/webauthn-3/#credential-id: at most 1,023 bytes. */
const credentialId = bytes(1023);
const clientDataJSON = bytes(4000);
/** How a browser may reach an authenticator. New kinds come, so any short word counts. */
const transport = z.string().regex(/^[a-z0-9-]{1,32}$/);

const name = textField(MAX_PASSKEY_NAME_UNITS).pipe(z.string().min(1));

/** `POST /api/passkeys/options` */
export const newPasskeyRequest = z.object({ currentPassword });

/**
 * The options of `navigator.credentials.create()`, with bytes in base64url.
 * https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson
 */
export const creationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.number().int() })),
  timeout: z.number().int(),
  excludeCredentials: z.array(
    z.object({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()) }),
  ),
  authenticatorSelection: z.object({
    residentKey: z.literal('required'),
    requireResidentKey: z.boolean(),
    userVerification: z.literal('required'),
  }),
  attestation: z.literal('none'),
});

/**
 * The options of `navigator.credentials.get()`. They name no passkey: the browser lists its own.
 * https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson
 */
export const requestOptions = z.object({
  challenge: z.string(),
  timeout: z.number().int(),
  rpId: z.string(),
  userVerification: z.literal('required'),
});

/** `POST /api/passkeys`: the answer of the authenticator to {@link creationOptions}. */
export const newPasskey = z.object({
  name,
  response: z.object({
    id: credentialId,
    response: z.object({
      clientDataJSON,
      attestationObject: bytes(16_000),
      transports: z.array(transport).max(8).default([]),
    }),
  }),
});

/** `POST /api/auth/passkey`: the answer of the authenticator to {@link requestOptions}. */
export const passkeySignIn = z.object({
  id: credentialId,
  response: z.object({
    clientDataJSON,
    authenticatorData: bytes(4000),
    signature: bytes(8000),
    userHandle: bytes(64).optional(),
  }),
});

/** `PATCH /api/passkeys/:id` */
export const passkeyPatch = z.object({ name });

/** One of the own passkeys. */
export const passkeyItem = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** The last time that a use was refused, because the passkey has been copied. */
  clonedAt: z.iso.datetime().nullable(),
});

/** `GET /api/passkeys`: newest first. */
export const passkeyList = z.object({ items: z.array(passkeyItem) });

export const passkeyId = z.object({ id: z.uuid() });

export type CreationOptions = z.infer<typeof creationOptions>;
export type RequestOptions = z.infer<typeof requestOptions>;
export type NewPasskey = z.infer<typeof newPasskey>;
export type PasskeySignIn = z.infer<typeof passkeySignIn>;
export type PasskeyItem = z.infer<typeof passkeyItem>;
