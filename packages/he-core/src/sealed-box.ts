import { type Bytes, concat, ensureHashes, owned, u16be, utf8 } from './bytes.ts';
import { BOX_BYTES, SHARE_PRIME } from './params.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import { decodeVector, encodeVector } from './share-vector.ts';

const KEY_BYTES = 32;

/** "sotto/v1/box" ‖ planHash ‖ deviceId ‖ x (u16) ‖ SHA-256(ciphertext): what a box is bound to. */
export function boxAad(
  planHash: Uint8Array,
  deviceId: Uint8Array,
  x: number,
  ciphertextHash: Uint8Array,
): Uint8Array<ArrayBuffer> {
  ensureHashes(planHash, deviceId, ciphertextHash);
  return concat(utf8('sotto/v1/box'), planHash, deviceId, u16be(x), ciphertextHash);
}

/** A fresh X25519 pair, the private key non-extractable and structured-cloneable. One plan, then deleted. */
export async function generateOneTimeKey(): Promise<{ publicKey: Bytes; privateKey: CryptoKey }> {
  const pair = (await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])) as CryptoKeyPair;
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    privateKey: pair.privateKey,
  };
}

/**
 * Seals one member's share (N key shares, then the masks): X25519 (ephemeral → the member's one-time key) →
 * HKDF-SHA-256 (empty salt, info = AAD ‖ ephemeral key ‖ member key) → AES-256-GCM under a zero nonce, safe because the
 * key is used once. RFC 7748, RFC 5869.
 */
export async function sealBox(member: Uint8Array, aad: Bytes, share: Uint16Array): Promise<Bytes | Rejection> {
  const ephemeral = await generateOneTimeKey();
  const key = await boxKey(ephemeral.privateKey, member, concat(aad, ephemeral.publicKey, member), 'encrypt');
  if (isRejection(key)) return reject('member_key', "a member's one-time key is not a usable X25519 public key");
  const plain = encodeVector(share);
  const sealed = await crypto.subtle.encrypt(gcm(aad), key, plain);
  plain.fill(0);
  return concat(ephemeral.publicKey, new Uint8Array(sealed));
}

/** Opens a box sealed to `publicKey` under exactly this AAD; N + 4 shares, each below p. */
export async function unsealBox(
  box: Uint8Array,
  aad: Bytes,
  keys: { privateKey: CryptoKey; publicKey: Uint8Array },
): Promise<Uint16Array | Rejection> {
  if (box.length !== BOX_BYTES) {
    return reject('box_length', `box has ${box.length} bytes; expected exactly ${BOX_BYTES}`);
  }
  const ephemeral = box.slice(0, KEY_BYTES);
  const key = await boxKey(keys.privateKey, ephemeral, concat(aad, ephemeral, keys.publicKey), 'decrypt');
  if (isRejection(key)) return key;
  let plain: Uint8Array;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt(gcm(aad), key, owned(box.subarray(KEY_BYTES))));
  } catch {
    return reject('box_unopened', 'the box was not sealed by this device for this plan, member and ciphertext');
  }
  const { values, bad } = decodeVector(plain);
  plain.fill(0);
  return bad < 0 ? values : reject('box_share', `share ${bad} in the box is not below p = ${SHARE_PRIME}`);
}

function gcm(aad: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: aad };
}

/** WebCrypto itself refuses the all-zero shared secret of a small-order point (RFC 7748, section 6.1). */
async function boxKey(
  privateKey: CryptoKey,
  publicKey: Uint8Array,
  info: Bytes,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey | Rejection> {
  let secret: Uint8Array<ArrayBuffer>;
  try {
    const peer = await crypto.subtle.importKey('raw', owned(publicKey), { name: 'X25519' }, false, []);
    secret = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: peer }, privateKey, 256));
  } catch {
    return unusablePoint();
  }
  if (secret.every((byte) => byte === 0)) return unusablePoint();
  const hkdf = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  secret.fill(0);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  return crypto.subtle.deriveKey(parameters, hkdf, { name: 'AES-GCM', length: 256 }, false, [usage]);
}

function unusablePoint(): Rejection {
  return reject('box_point', 'the X25519 key is malformed or of small order');
}
