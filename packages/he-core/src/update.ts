import { type Bytes, sha256 } from './bytes.ts';
import { dealShares } from './key-share.ts';
import { sampleNoise } from './noise.ts';
import { MASKS, N, PROFILES, type ProfileName } from './params.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import { boxAad, sealBox } from './sealed-box.ts';
import { sampleUniform } from './uniform.ts';
import { encryptUnder } from './update-core.ts';

export interface UpdateRequest {
  readonly profile: ProfileName;
  readonly planHash: Uint8Array;
  readonly deviceId: Uint8Array;
  /** One signed integer a coefficient, |m| < t/2. */
  readonly messages: Float64Array;
  /** t: members who together can open the sum; ⌊2m/3⌋ + 1 or more. */
  readonly threshold: number;
  /** The members' one-time X25519 public keys in the plan's order: place x = index + 1. */
  readonly members: readonly Uint8Array[];
}

export interface SealedUpdate {
  readonly ciphertext: Bytes;
  readonly ciphertextHash: Bytes;
  readonly boxes: Bytes[];
  readonly boxHashes: Bytes[];
}

/**
 * Seals one update. Draws the one-time key k, encrypts the messages under it, shares it among the members and forgets
 * it, all in this one call: two uploads under one k would give away their difference, so a retry sends the identical
 * bytes or calls this anew.
 * @returns a Rejection `committee`, `message_range` or `member_key` when the request cannot be sealed as it is
 */
export async function sealUpdate(request: UpdateRequest): Promise<SealedUpdate | Rejection> {
  const refused = refuse(request);
  if (refused) return refused;
  const { profile, planHash, deviceId, messages, threshold, members } = request;
  const key = sampleNoise(N);
  let shares: Uint16Array[] = [];
  try {
    const ciphertext = await encryptUnder({ profile, planHash, messages, key, errors: sampleNoise });
    const hashing = sha256(ciphertext);
    shares = share(key, threshold, members.length);
    const ciphertextHash = await hashing;
    const boxes: Bytes[] = [];
    const sealing = members.map((member, index) =>
      sealBox(member, boxAad(planHash, deviceId, index + 1, ciphertextHash), shares[index]!),
    );
    for (const [index, box] of (await Promise.all(sealing)).entries()) {
      if (isRejection(box)) return reject(box.rejected, `member ${index + 1}: ${box.message}`);
      boxes.push(box);
    }
    return { ciphertext, ciphertextHash, boxes, boxHashes: await Promise.all(boxes.map((box) => sha256(box))) };
  } finally {
    key.fill(0);
    for (const row of shares) row.fill(0);
  }
}

function share(key: Int8Array, threshold: number, members: number): Uint16Array[] {
  const secrets = new Int32Array(N + MASKS);
  secrets.set(key);
  secrets.set(sampleUniform(MASKS), N);
  const coefficients = Array.from({ length: threshold - 1 }, () => sampleUniform(secrets.length));
  const shares = dealShares(secrets, coefficients, members);
  secrets.fill(0);
  for (const row of coefficients) row.fill(0);
  return shares;
}

function refuse({ profile, messages, threshold, members }: UpdateRequest): Rejection | undefined {
  const least = Math.floor((2 * members.length) / 3) + 1;
  if (members.length < 3 || !Number.isInteger(threshold) || threshold < least || threshold > members.length) {
    const rule = 'm ≥ 3 members and ⌊2m/3⌋ + 1 ≤ t ≤ m';
    return reject('committee', `${members.length} members with threshold ${threshold}; a plan needs ${rule}`);
  }
  const bound = PROFILES[profile].t / 2;
  if (messages.length === 0) return reject('message_range', 'an update has at least one message');
  for (let i = 0; i < messages.length; i++) {
    const m = messages[i]!;
    if (!(m === Math.floor(m) && m < bound && m > -bound)) {
      return reject('message_range', `message ${i} is ${m}; expected an integer with |m| < t/2 = ${bound}`);
    }
  }
  return undefined;
}
