/**
 * A message is refused and the round goes on. A value, never thrown: whatever a peer sends, it cannot unwind our stack.
 * `rejected` is a stable code the peer can act on; `message` tells a person what was wrong, where, and what to do.
 */
export interface Rejection<Code extends string = string> {
  readonly rejected: Code;
  readonly message: string;
  /** When the refusal is for now only (back-pressure): how long to wait before trying again. */
  readonly retryAfterMs?: number;
}

/** A refusal to hand back to its sender. */
export function reject<Code extends string>(rejected: Code, message: string): Rejection<Code> {
  return { rejected, message };
}

type RejectionIn<T> = unknown extends T ? T & Rejection : Extract<T, { readonly rejected: string }>;

/** Narrows a result to the refusals, or to the values, in its type. */
export function isRejection<T>(value: T): value is RejectionIn<T> {
  return typeof value === 'object' && value !== null && 'rejected' in value && typeof value.rejected === 'string';
}

/** Our own bug: thrown, logged, never sent to a peer. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** @throws InvariantError unless the condition holds */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
