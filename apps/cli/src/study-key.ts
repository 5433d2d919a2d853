import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fromBase64, toBase64 } from '@sotto/protocol/base64';
import { toHex } from '@sotto/protocol/bytes';
import { PublicKey } from '@sotto/protocol/ids';
import { isRejection } from '@sotto/protocol/rejection';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { openStudyBackup, parseStudyBackup, type StudyBackup, sealStudyBackup } from '@sotto/protocol/study-backup';
import { z } from 'zod';
import { Failure, reasonOf } from './failure.ts';

/** The file of a study key: it vouches for committee members, so whoever holds it decides who could open a sum. */
const StudyKey = z.strictObject({
  version: z.literal(1),
  publicKey: PublicKey,
  /** Ed25519, PKCS #8 DER, base64url. */
  privateKey: z.string().min(1),
});
export type StudyKey = z.infer<typeof StudyKey>;

export function createStudyKey(): StudyKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return { version: 1, publicKey: publicKeyOf(der), privateKey: toBase64(der) };
}

export function saveStudyKey(path: string, key: StudyKey): void {
  writeNew(path, JSON.stringify(key, null, 2));
}

/** Readable by its owner only; never over a file that is there. */
function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new Failure(`${path} is there already. A study key is never overwritten: choose another --out.`);
    throw new Failure(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

/** @throws Failure when the file is no study key, or its halves do not belong together. */
export function loadStudyKey(path: string): StudyKey {
  try {
    const key = StudyKey.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (publicKeyOf(fromBase64(key.privateKey)) === key.publicKey) return key;
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new Failure(`The study key ${path} cannot be read: ${reasonOf(error)}. “sotto study init” makes one.`);
  }
  // What is wrong with it is not said: the file holds a secret.
  throw new Failure(`${path} is not a study key. Restore it from a backup; “sotto study init” makes a new one.`);
}

/** Over no file that is there. */
export async function saveBackup(path: string, { publicKey, privateKey }: StudyKey, passphrase: string): Promise<void> {
  const backup = await sealStudyBackup({ publicKey, privateKey: fromBase64(privateKey) }, passphrase);
  writeNew(path, JSON.stringify(backup, null, 2));
}

/** @throws Failure when the file is no backup */
export function readBackup(path: string): StudyBackup {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}.`);
  }
  const backup = parseStudyBackup(text);
  if (isRejection(backup)) throw new Failure(`${path}: ${backup.message}`);
  return backup;
}

/** @throws Failure when the passphrase is another */
export async function openBackup(backup: StudyBackup, passphrase: string): Promise<StudyKey> {
  const privateKey = await openStudyBackup(backup, passphrase);
  if (isRejection(privateKey)) throw new Failure(privateKey.message);
  const { publicKey } = backup;
  if (publicKeyOf(privateKey) !== publicKey) throw new Failure('The two halves of this key do not belong together.');
  return { version: 1, publicKey, privateKey: toBase64(privateKey) };
}

export async function signerOfStudy({ publicKey, privateKey }: StudyKey): Promise<Signer> {
  const key = await crypto.subtle.importKey('pkcs8', fromBase64(privateKey), 'Ed25519', false, ['sign']);
  return signerOf(key, publicKey);
}

function publicKeyOf(pkcs8: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return toHex(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
}
