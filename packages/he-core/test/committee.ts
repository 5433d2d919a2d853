import { decryptSum, type OpenedSum } from '../src/decrypt.ts';
import { generateOneTimeKey, openBox, sumShares } from '../src/member.ts';
import { recoverSumKey } from '../src/opening.ts';
import type { ProfileName } from '../src/params.ts';
import { isRejection, type Rejection } from '../src/rejection.ts';
import { createSum } from '../src/sum.ts';
import { type SealedUpdate, sealUpdate } from '../src/update.ts';

export const PLAN = new Uint8Array(32).fill(7);

export function deviceOf(index: number): Uint8Array {
  const id = new Uint8Array(32);
  new DataView(id.buffer).setUint32(0, index);
  return id;
}

/** The value, or a failed test. */
export function accepted<T>(value: T | Rejection): T {
  if (isRejection(value)) throw new Error(`${value.rejected}: ${value.message}`);
  return value;
}

/** A committee of m members with one-time keys, and whole rounds under one plan. */
export async function createCommittee(profile: ProfileName, m = 3) {
  const threshold = Math.floor((2 * m) / 3) + 1;
  const keys = await Promise.all(Array.from({ length: m }, () => generateOneTimeKey()));
  const members = keys.map(({ publicKey }) => publicKey);

  async function seal(device: number, messages: Float64Array): Promise<SealedUpdate> {
    const request = { profile, planHash: PLAN, deviceId: deviceOf(device), messages, threshold, members };
    return accepted(await sealUpdate(request));
  }

  async function shareOf(device: number, sealed: SealedUpdate, x: number): Promise<Uint16Array> {
    const { ciphertextHash, boxes } = sealed;
    const box = { box: boxes[x - 1]!, planHash: PLAN, deviceId: deviceOf(device), x, ciphertextHash };
    return accepted(await openBox({ ...box, ...keys[x - 1]! }));
  }

  /** Σ of the key shares of all updates at each member. */
  async function openings(updates: readonly SealedUpdate[]): Promise<Map<number, Uint16Array>> {
    const opened = new Map<number, Uint16Array>();
    for (let x = 1; x <= m; x++) {
      const shares = await Promise.all(updates.map((sealed, device) => shareOf(device, sealed, x)));
      opened.set(x, sumShares(shares));
    }
    return opened;
  }

  async function sumKey(updates: readonly SealedUpdate[]): Promise<Int32Array> {
    const accept = async () => true;
    return accepted(await recoverSumKey({ threshold, openings: await openings(updates), accept })).key;
  }

  async function open(updates: readonly SealedUpdate[], coefficients: number): Promise<OpenedSum> {
    using sum = await createSum({ profile, coefficients });
    for (const { ciphertext } of updates) {
      const refused = sum.add(ciphertext);
      if (refused) throw new Error(refused.message);
    }
    const request = { profile, planHash: PLAN, coefficients, contributors: updates.length };
    return accepted(await decryptSum({ ...request, sum: sum.finish(), sumKey: await sumKey(updates) }));
  }

  return { threshold, keys, members, seal, shareOf, openings, sumKey, open };
}
