import type { LocalResult } from '@sotto/fl-core/update-codec';
import { encodeUpdate } from '@sotto/fl-core/update-codec';
import { PROFILES } from '@sotto/he-core/params';
import { createSealingService, type SealingService } from '@sotto/he-core/worker/service';
import { fromHex } from '@sotto/protocol/bytes';
import { type Plan, planHash } from '@sotto/protocol/plan';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { transfer } from 'comlink';
import { roundingWords } from './rounding.ts';

export interface SealRequest {
  readonly plan: Plan;
  readonly device: string;
  readonly result: LocalResult;
  /**
   * Seeds the stochastic rounding in simulations, and the noise that a plan asks for; null draws them from WebCrypto. Keys, and the errors
   * of the encryption, are always WebCrypto's.
   */
  readonly roundingSeed: number | null;
  /** Hand the levels back for a simulation to compare with the opened sum. Never set in the field. */
  readonly witness: boolean;
}

export interface Sealed {
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  readonly ciphertextHash: Uint8Array<ArrayBuffer>;
  readonly boxes: Uint8Array<ArrayBuffer>[];
  readonly boxHashes: Uint8Array<ArrayBuffer>[];
  /** ‖δ‖₂ before clipping. */
  readonly norm: number;
  readonly levels: Int32Array<ArrayBuffer> | null;
}

/** Delta in, ciphertext out, in one Worker: the plain update exists nowhere else once learning is done. */
export interface Sealing extends Pick<SealingService, 'prepare' | 'check' | 'open'> {
  seal(request: SealRequest): Promise<Sealed | Rejection>;
}

/** Runs in the Worker. Overwrites delta and messages once they are used, and the levels of a sealed update unless a witness asks for them. */
export function createSealing(): Sealing {
  const { prepare, seal, check, open } = createSealingService();
  return {
    prepare,
    check,
    open,
    async seal({ plan, device, result, roundingSeed, witness }) {
      const { encoding, committee } = plan;
      const encoded = encodeUpdate(result, plan, PROFILES[encoding.profile], roundingWords(roundingSeed));
      result.delta.fill(0);
      if (isRejection(encoded)) return encoded;
      const sealed = await seal({
        profile: encoding.profile,
        planHash: fromHex(planHash(plan)),
        deviceId: fromHex(device),
        messages: encoded.messages,
        threshold: committee.threshold,
        members: committee.members.map(({ oneTime }) => fromHex(oneTime.key)),
      });
      encoded.messages.fill(0);
      if (isRejection(sealed)) return sealed;
      const levels = witness ? encoded.levels : null;
      if (!levels) encoded.levels.fill(0);
      return transfer({ ...sealed, norm: encoded.norm, levels }, [
        sealed.ciphertext.buffer,
        ...sealed.boxes.map((box) => box.buffer),
        ...(levels ? [levels.buffer] : []),
      ]);
    },
  };
}
