import { ascii, concat, fromHex, toHex } from './bytes.ts';

/**
 * Ed25519 (RFC 8032) through WebCrypto. Every signed string begins with a prefix of its own,
 * so that no signature made for one purpose can ever be taken for another.
 */
export const PREFIX = {
  plan: 'sotto/v1/plan',
  certificate: 'sotto/v1/certificate',
  oneTimeKey: 'sotto/v1/onetime',
  update: 'sotto/v1/update',
  answer: 'sotto/v1/answer',
  vote: 'sotto/v1/vote',
  opening: 'sotto/v1/opening',
  transcript: 'sotto/v1/transcript',
  hello: 'sotto/v1/hello',
} as const;

/** The prefix of this purpose ‖ the parts. */
export function prefixed(purpose: keyof typeof PREFIX, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat([ascii(PREFIX[purpose]), ...parts]);
}

/** Holds a private key; the key itself never leaves it. */
export interface Signer {
  /** Raw Ed25519 public key, hex. */
  readonly publicKey: string;
  /** @returns the signature, hex. */
  sign(bytes: Uint8Array): Promise<string>;
}

/** The corner of WebCrypto this package needs; declared here because the package compiles against the language alone. */
interface Ed25519Subtle {
  importKey(
    format: 'raw',
    key: Uint8Array,
    algorithm: 'Ed25519',
    extractable: true,
    usages: ['verify'],
  ): Promise<object>;
  verify(algorithm: 'Ed25519', key: object, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
  sign(algorithm: 'Ed25519', key: object, data: Uint8Array): Promise<ArrayBuffer>;
}

function subtle(): Ed25519Subtle {
  const { crypto } = globalThis as unknown as { crypto?: { subtle?: Ed25519Subtle } };
  if (!crypto?.subtle) throw new Error('This needs WebCrypto: open the page over https or on localhost.');
  return crypto.subtle;
}

/** A signer over a WebCrypto private key (best non-extractable). */
export function signerOf(privateKey: object, publicKey: string): Signer {
  return {
    publicKey,
    sign: async (bytes) => toHex(new Uint8Array(await subtle().sign('Ed25519', privateKey, bytes))),
  };
}

/** True only for a valid signature of `bytes` under `publicKey` (both hex). Malformed keys and signatures are simply false. */
export async function verifySignature(publicKey: string, bytes: Uint8Array, signature: string): Promise<boolean> {
  try {
    const key = await subtle().importKey('raw', fromHex(publicKey), 'Ed25519', true, ['verify']);
    return await subtle().verify('Ed25519', key, fromHex(signature), bytes);
  } catch {
    return false;
  }
}
