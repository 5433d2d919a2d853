export type RejectionCode =
  | 'ciphertext_length'
  | 'ciphertext_residue'
  | 'ciphertext_padding'
  | 'message_range'
  | 'committee'
  | 'member_key'
  | 'box_length'
  | 'box_point'
  | 'box_unopened'
  | 'box_share'
  | 'answer_length'
  | 'answer_flag'
  | 'answer_value'
  | 'opening_length'
  | 'opening_value'
  | 'openings_disagree'
  | 'openings_few'
  | 'key_refused'
  | 'key_residual'
  | 'sum_residual';

/** A refused input, as a value: somebody else's bytes are wrong, and the round goes on. */
export interface Rejection {
  readonly rejected: RejectionCode;
  readonly message: string;
}

/** The code is stable and for programs; the message tells a person what is wrong, and where. */
export function reject(rejected: RejectionCode, message: string): Rejection {
  return { rejected, message };
}

/** Tells a refusal from a result; nothing else here has a field `rejected`. */
export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && 'rejected' in value;
}
