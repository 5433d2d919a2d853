import { toHex } from '../src/bytes.ts';
import { type Signer, signerOf } from '../src/signature.ts';

interface KeyMaker {
  generateKey(
    algorithm: string,
    extractable: boolean,
    usages: string[],
  ): Promise<{ privateKey: object; publicKey: object }>;
  exportKey(format: 'raw', key: object): Promise<ArrayBuffer>;
}

/** A fresh Ed25519 key from WebCrypto. */
export async function createSigner(): Promise<Signer> {
  const { subtle } = (globalThis as unknown as { crypto: { subtle: KeyMaker } }).crypto;
  const { privateKey, publicKey } = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  return signerOf(privateKey, toHex(new Uint8Array(await subtle.exportKey('raw', publicKey))));
}
