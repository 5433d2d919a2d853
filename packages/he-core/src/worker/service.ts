import { transfer } from 'comlink';
import { encodeAnswer } from '../answer.ts';
import { type CheckValues, checkMatrix, checkValues } from '../check.ts';
import { openBox, sumShares } from '../member.ts';
import { isRejection, type Rejection } from '../rejection.ts';
import { loadSeal } from '../seal/module.ts';
import { encodeOpening } from '../share-vector.ts';
import { type SealedUpdate, sealUpdate, type UpdateRequest } from '../update.ts';

/** One candidate as a member checks it: the device, and the box it sealed for this member. */
export interface Candidate {
  readonly deviceId: Uint8Array;
  readonly ciphertextHash: Uint8Array;
  readonly box: Uint8Array;
}

export interface CheckRequest {
  readonly planHash: Uint8Array;
  readonly candidatesHash: Uint8Array;
  /** This member's 1-based place in the plan it hashed. */
  readonly x: number;
  readonly privateKey: CryptoKey;
  readonly publicKey: Uint8Array;
  /** Ascending by device; null for one that already failed (signature, digest, certificate). */
  readonly candidates: readonly (Candidate | null)[];
}

export interface Checked {
  /** The encoded answer, to persist, sign and send. */
  readonly answer: Uint8Array<ArrayBuffer>;
  /** The opened shares; a rejection or null for each candidate that failed. */
  readonly shares: readonly (Uint16Array | Rejection | null)[];
}

/**
 * Everything heavy a participant or member does, as functions over plain data: called in place, or exposed by comlink
 * from a browser's Worker or a Node worker thread, alone or beside what else that thread does. Large results are marked
 * for transfer.
 */
export interface SealingService {
  /** Loads SEAL, so that the first seal need not wait for the network. */
  prepare(): Promise<void>;
  seal(request: UpdateRequest): Promise<SealedUpdate | Rejection>;
  check(request: CheckRequest): Promise<Checked>;
  /** The encoded opening Σ_{i∈U} share_i for the shares of U. */
  open(shares: readonly Uint16Array[]): Promise<Uint8Array<ArrayBuffer>>;
}

/** Holds nothing between calls, keys least of all. */
export function createSealingService(): SealingService {
  return {
    async prepare() {
      await loadSeal();
    },
    async seal(request) {
      const sealed = await sealUpdate(request);
      if (isRejection(sealed)) return sealed;
      return transfer(sealed, [sealed.ciphertext.buffer, ...sealed.boxes.map((box) => box.buffer)]);
    },
    async check(request) {
      const matrix = await checkMatrix(request.planHash, request.candidatesHash);
      const shares: (Uint16Array | Rejection | null)[] = [];
      const entries: (CheckValues | null)[] = [];
      for (const candidate of request.candidates) {
        const share = candidate && (await openBox({ ...request, ...candidate }));
        shares.push(share);
        entries.push(share === null || isRejection(share) ? null : checkValues(matrix, share));
      }
      // Moved, not copied: whoever wipes the shares later has the only ones there are.
      const opened = shares.filter((share) => share instanceof Uint16Array);
      return transfer(
        { answer: encodeAnswer(entries), shares },
        opened.map(({ buffer }) => buffer as ArrayBuffer),
      );
    },
    open: async (shares) => encodeOpening(sumShares(shares)),
  };
}
