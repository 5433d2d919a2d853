/** Why a model could not be trained or evaluated. Stable, so that a page can react to it. */
export type TrainingErrorCode =
  | 'bad_model'
  | 'bad_dataset'
  | 'not_finite'
  | 'no_backend'
  | 'cancelled'
  | 'worker_gone'
  | 'out_of_memory'
  | 'failed';

/** The message says what is wrong, where, and what to do about it. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a thrown value says; TF.js and browsers also throw objects that are no Errors. */
export function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message
    : typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error);
}
