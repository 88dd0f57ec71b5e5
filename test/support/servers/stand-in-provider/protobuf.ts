/**
 * Implements the part of protobuf's wire format that the provider protocol needs: varints and
 * length-delimited fields. https://protobuf.dev/programming-guides/encoding/
 */

/**
 * A field to write. Numbers and booleans become varints, text and bytes length-delimited fields,
 * lists repeated fields.
 */
type Field = number | boolean | string | Uint8Array | readonly Uint8Array[] | undefined;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** Writes a message; keys are field numbers. Omits zero, false and undefined, as proto3 does. */
export function encodeMessage(fields: Record<number, Field>): Uint8Array {
  const parts: Uint8Array[] = [];
  const delimited = (number: number, bytes: Uint8Array): void => {
    parts.push(Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes);
  };
  for (const [key, value] of Object.entries(fields)) {
    const number = Number(key);
    if (typeof value === 'number' || typeof value === 'boolean') {
      if (value) parts.push(Uint8Array.from([...varint(number * 8), ...varint(Number(value))]));
    } else if (typeof value === 'string') {
      if (value !== '') delimited(number, Buffer.from(value));
    } else if (value instanceof Uint8Array) {
      delimited(number, value);
    } else if (value) {
      for (const item of value) delimited(number, item);
    }
  }
  return Buffer.concat(parts);
}

/**
 * Reads a message: the last value of each length-delimited field by number. Skips varints; no
 * caller needs them.
 */
export function decodeMessage(message: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  let position = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[position++];
      if (byte === undefined) throw new Error('protobuf: message ends within a number');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (position < message.length) {
    const tag = readVarint();
    const wireType = tag % 8;
    if (wireType === 0) {
      readVarint();
    } else if (wireType === 2) {
      const length = readVarint();
      fields.set(Math.floor(tag / 8), message.subarray(position, position + length));
      position += length;
    } else {
      throw new Error(`protobuf: wire type ${wireType} is not expected here`);
    }
  }
  return fields;
}
