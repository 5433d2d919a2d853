import type { Words } from '../../words/words.ts';

/** Why the model gave no answer, as far as the person can do something about it. */
type Failure = 'otherModel' | 'notFinite' | 'gone' | 'offline' | 'foreign' | 'notLoaded' | 'broke';

const FAILURES: Readonly<Record<string, Failure>> = {
  bad_model: 'otherModel',
  bad_dataset: 'otherModel',
  bad_answer: 'otherModel',
  not_finite: 'notFinite',
  not_found: 'gone',
  unreachable: 'offline',
  model_hash: 'foreign',
  not_loaded: 'notLoaded',
};

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What happened, and what to do. Codes are those of TrainingError and RequestError. */
export function describeFailure(t: Words<'model'>, error: unknown): { readonly title: string; readonly todo: string } {
  const kind = FAILURES[codeOf(error)] ?? 'broke';
  return { title: t(`failures.${kind}.title`), todo: t(`failures.${kind}.todo`) };
}

/** Nothing failed: somebody did not want it any more. */
export function isCancelled(error: unknown): boolean {
  return codeOf(error) === 'cancelled';
}
