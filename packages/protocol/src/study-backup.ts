import { z } from 'zod';
import { base64Bytes, fromBase64, toBase64 } from './base64.ts';
import { canonicalJson } from './digest.ts';
import { PublicKey } from './ids.ts';
import { type Rejection, reject } from './rejection.ts';
import { encodeUtf8 } from './utf8.ts';

/** OWASP's least for PBKDF2 with SHA-256 (Password Storage Cheat Sheet, 2023). */
const LEAST_ITERATIONS = 600_000;
/** A file that asks for more would only keep its reader waiting. */
const MOST_ITERATIONS = 20_000_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
/** Characters of a passphrase, at the least. */
export const LEAST_PASSPHRASE = 12;
/** A backup is well below a kilobyte. */
export const MOST_BACKUP_BYTES = 4096;

/**
 * The file that a study key is kept in besides where it is used: {Ed25519 private key, PKCS #8} under AES-256-GCM, the key of that from a
 * passphrase by PBKDF2-SHA-256. Everything else in the file is authenticated with it.
 */
export const StudyBackup = z.strictObject({
  kind: z.literal('sotto study key'),
  version: z.literal(1),
  publicKey: PublicKey,
  derivation: z.strictObject({
    name: z.literal('PBKDF2'),
    hash: z.literal('SHA-256'),
    iterations: z.number().int().min(LEAST_ITERATIONS).max(MOST_ITERATIONS),
    salt: base64Bytes(SALT_BYTES),
  }),
  encryption: z.strictObject({ name: z.literal('AES-GCM'), iv: base64Bytes(IV_BYTES) }),
  ciphertext: base64Bytes().max(1000),
});
export type StudyBackup = z.infer<typeof StudyBackup>;

/** The corner of WebCrypto this needs; declared here because the package compiles against the language alone. */
interface BackupCrypto {
  getRandomValues(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  readonly subtle: {
    importKey(
      format: 'raw',
      bytes: Uint8Array,
      name: 'PBKDF2',
      extractable: false,
      uses: ['deriveKey'],
    ): Promise<object>;
    deriveKey(
      how: { name: 'PBKDF2'; hash: 'SHA-256'; salt: Uint8Array; iterations: number },
      key: object,
      what: { name: 'AES-GCM'; length: 256 },
      extractable: false,
      uses: ['encrypt', 'decrypt'],
    ): Promise<object>;
    encrypt(how: Gcm, key: object, bytes: Uint8Array): Promise<ArrayBuffer>;
    decrypt(how: Gcm, key: object, bytes: Uint8Array): Promise<ArrayBuffer>;
  };
}
interface Gcm {
  name: 'AES-GCM';
  iv: Uint8Array;
  additionalData: Uint8Array;
}

function webCrypto(): BackupCrypto {
  const { crypto } = globalThis as unknown as { crypto?: BackupCrypto };
  if (!crypto?.subtle) throw new Error('This needs WebCrypto: open the page over https or on localhost.');
  return crypto;
}

type Head = Omit<StudyBackup, 'ciphertext'>;

async function keyOf({ derivation: { hash, iterations, salt } }: Head, passphrase: string): Promise<object> {
  const { subtle } = webCrypto();
  // The same letters, however a keyboard spells them.
  const secret = encodeUtf8(passphrase.normalize('NFKC'));
  const material = await subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash, iterations, salt: fromBase64(salt) } as const;
  return subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const gcm = (head: Head): Gcm => ({
  name: 'AES-GCM',
  iv: fromBase64(head.encryption.iv),
  additionalData: encodeUtf8(canonicalJson(head)),
});

/** @param privateKey  Ed25519, PKCS #8 DER */
export async function sealStudyBackup(
  { publicKey, privateKey }: { readonly publicKey: string; readonly privateKey: Uint8Array },
  passphrase: string,
): Promise<StudyBackup> {
  const random = (bytes: number) => toBase64(webCrypto().getRandomValues(new Uint8Array(bytes)));
  const head: Head = {
    kind: 'sotto study key',
    version: 1,
    publicKey,
    derivation: { name: 'PBKDF2', hash: 'SHA-256', iterations: LEAST_ITERATIONS, salt: random(SALT_BYTES) },
    encryption: { name: 'AES-GCM', iv: random(IV_BYTES) },
  };
  const sealed = await webCrypto().subtle.encrypt(gcm(head), await keyOf(head, passphrase), privateKey);
  return { ...head, ciphertext: toBase64(new Uint8Array(sealed)) };
}

/** @returns the private key, PKCS #8 DER, which belongs to the public key that the file names */
export async function openStudyBackup(
  { ciphertext, ...head }: StudyBackup,
  passphrase: string,
): Promise<Uint8Array<ArrayBuffer> | Rejection<'wrong_passphrase'>> {
  const key = await keyOf(head, passphrase);
  try {
    return new Uint8Array(await webCrypto().subtle.decrypt(gcm(head), key, fromBase64(ciphertext)));
  } catch {
    return reject('wrong_passphrase', 'The passphrase is not that of this backup, or the file was changed.');
  }
}

/** The text of a file → a backup. */
export function parseStudyBackup(text: string): StudyBackup | Rejection<'bad_backup'> {
  try {
    const parsed = text.length <= MOST_BACKUP_BYTES ? StudyBackup.safeParse(JSON.parse(text)) : null;
    if (parsed?.success) return parsed.data;
  } catch {
    // Not JSON. What a parser says of it may quote the file.
  }
  return reject('bad_backup', 'This file is no backup of a study key. Such a file is made together with the key.');
}
