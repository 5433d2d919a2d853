import { StartError } from '@sotto/coordinator/start-error';
import { TrainingError } from '@sotto/learner/training-error';

/** A command cannot be carried out. The message is for people, in one line: what is wrong, where, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** The same may go well no earlier than after so long; null when something else has to be done first. */
  readonly retryAfterMs: number | null;
  /** What a coordinator refused by (protocol/rejection); null when it was none that refused. */
  readonly code: string | null;

  constructor(
    message: string,
    { retryAfterMs = null, code = null }: { readonly retryAfterMs?: number | null; readonly code?: string | null } = {},
  ) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One line for what people can mend; the whole stack for what is our own bug. */
export function explain(error: unknown): string {
  if (error instanceof Failure || error instanceof StartError || error instanceof TrainingError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The reason inside an error of the system, for the end of a sentence. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  // fetch says no more than "fetch failed"; what happened is its cause.
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
