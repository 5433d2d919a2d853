export type KeyAlgorithm = 'Ed25519' | 'X25519';

/** A fresh key pair from WebCrypto; only the private key's extractability is the caller's to choose. */
export async function generateKeyPair(algorithm: KeyAlgorithm, extractable: boolean): Promise<CryptoKeyPair> {
  const usages: KeyUsage[] = algorithm === 'Ed25519' ? ['sign', 'verify'] : ['deriveBits'];
  return (await crypto.subtle.generateKey(algorithm, extractable, usages)) as CryptoKeyPair;
}
