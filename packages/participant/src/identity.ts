import { toHex } from '@sotto/protocol/bytes';
import { deviceIdOf } from '@sotto/protocol/ids';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import type { Vault } from './vault.ts';

export interface Identity extends Signer {
  readonly device: string;
}

interface StoredIdentity {
  readonly privateKey: CryptoKey;
  readonly publicKey: string;
}

/** This device's Ed25519 key, made at first use. Its id is SHA-256 of the public key. */
export async function openIdentity(vault: Vault): Promise<Identity> {
  const stored = (await vault.get('identity', 'device')) as StoredIdentity | undefined;
  const { privateKey, publicKey } = stored ?? (await createIdentity(vault));
  return { ...signerOf(privateKey, publicKey), device: deviceIdOf(publicKey) };
}

async function createIdentity(vault: Vault): Promise<StoredIdentity> {
  const pair = await vault.createKeys('Ed25519');
  const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const place = { table: 'identity', key: 'device' } as const;
  // Another session over this vault may be first: then its key is this device's.
  await vault.write([{ ...place, value: { privateKey: pair.privateKey, publicKey } }], { ...place, value: undefined });
  // Read back: from now on only the stored, non-extractable form is used.
  return (await vault.get('identity', 'device')) as StoredIdentity;
}
