/** Thrown when our own code breaks a promise; never caused by a peer's bytes and never sent to a peer. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** @throws InvariantError unless the condition holds */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
