import { fromHex } from '@sotto/protocol/bytes';

/**
 * Whether a box can be sealed to this X25519 key (hex). A point of small order gives the all-zero secret whatever the other key is
 * (RFC 7748, section 6.1): every contributor would refuse to seal, so that one such member ends every round.
 */
export async function isUsablePoint(key: string): Promise<boolean> {
  const { privateKey } = (await crypto.subtle.generateKey('X25519', false, ['deriveBits'])) as {
    readonly privateKey: CryptoKey;
  };
  try {
    const point = await crypto.subtle.importKey('raw', fromHex(key), 'X25519', false, []);
    const secret = await crypto.subtle.deriveBits({ name: 'X25519', public: point }, privateKey, 256);
    return new Uint8Array(secret).some((byte) => byte !== 0);
  } catch {
    return false;
  }
}
