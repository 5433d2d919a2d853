import { decodeSum, encodeUpdate, type LocalResult, meanDelta } from '@sotto/fl-core/update-codec';
import { PROFILES } from '@sotto/he-core/params';
import { roundingWords } from '@sotto/participant/sealing/rounding';
import { coefficientsOf, type Plan } from '@sotto/protocol/plan';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';

/** What is opened of one part of a round. */
export interface OpenedSum {
  /** Sums over the contributors, in plan order. */
  readonly metadata: readonly number[];
  readonly mean: Float64Array;
}

export interface PlainPart {
  /** @returns why the update is refused on the device itself; then nothing was added */
  add(learned: LocalResult, roundingSeed: number): Rejection | undefined;
  contributors(): number;
  open(): OpenedSum | Rejection<'impossible_sum'>;
}

/** The messages of one part's updates, added as numbers. Exact in any order, so that updates need not be kept: memory is O(model). */
export function createPlainPart({ encoding, noise }: Pick<Plan, 'encoding' | 'noise'>): PlainPart {
  const capacity = PROFILES[encoding.profile];
  const messages = new Float64Array(coefficientsOf(encoding));
  let contributors = 0;
  return {
    add(learned, roundingSeed) {
      const encoded = encodeUpdate(learned, { encoding, noise }, capacity, roundingWords(roundingSeed));
      if (isRejection(encoded)) return encoded;
      for (let i = 0; i < messages.length; i++) messages[i]! += encoded.messages[i]!;
      contributors += 1;
      return undefined;
    },
    contributors: () => contributors,
    open() {
      const { levels, metadata } = decodeSum(messages, encoding, capacity);
      const mean = meanDelta({ levels, metadata }, encoding, contributors);
      return isRejection(mean) ? mean : { metadata, mean };
    },
  };
}
