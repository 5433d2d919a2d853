import { mixSeed } from '@sotto/learner/random';
import type { TrainingResult } from '@sotto/learner/training';
import { concat, toHex } from '@sotto/protocol/bytes';
import type { Certificate } from '@sotto/protocol/certificate';
import type { Plan } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { type UpdateRecord, updateString } from '@sotto/protocol/update-record';
import type { Identity } from '../identity.ts';
import type { Sealer } from './client.ts';

/** An update as it is sent: the identical bytes every time. */
export interface SealedUpdate {
  readonly record: UpdateRecord;
  /** ciphertext ‖ box_1 ‖ … ‖ box_m. */
  readonly bytes: Uint8Array;
}

export interface UpdatePorts {
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly identity: Identity;
  /** This device's certificate for role `device`, if it has one. */
  readonly certificate: () => Certificate | null;
  /** Seeds of data order and rounding in a simulation; null in the field. */
  readonly seed: number | null;
  /** Simulations only: the levels that were sealed, to compare the opened sum with. */
  readonly witness?: (planHash: string, levels: Int32Array) => void;
}

/** Seals what was learned under a plan for the plan's committee, and signs for it. */
export async function sealUpdate(
  { planHash, plan }: { readonly planHash: string; readonly plan: Plan },
  { delta, examples, correct, lossSum }: TrainingResult,
  { sealer, identity, certificate, seed, witness }: UpdatePorts,
) {
  const sealed = await sealer.seal({
    plan,
    device: identity.device,
    result: { delta, examples, correct, lossSum },
    roundingSeed: seed === null ? null : mixSeed(seed, ~plan.round),
    witness: witness !== undefined,
  });
  if (isRejection(sealed)) return sealed;
  const { ciphertext, boxes, norm, levels } = sealed;
  const unsigned = {
    key: identity.publicKey,
    ciphertext: toHex(sealed.ciphertextHash),
    boxes: sealed.boxHashes.map(toHex),
  };
  const signature = await identity.sign(updateString(planHash, unsigned));
  const update: SealedUpdate = {
    record: { ...unsigned, certificate: certificate(), signature },
    bytes: concat([ciphertext, ...boxes]),
  };
  return { update, norm, levels };
}
