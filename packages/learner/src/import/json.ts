import { TrainingError } from '../training-error.ts';

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why a model cannot be used; says where, and what to do. */
export function refusal(message: string): TrainingError {
  return new TrainingError('bad_model', message);
}

/** Names in people's files are shown, and may be anything. */
export function quoted(name: unknown): string {
  return `“${String(name).slice(0, 80)}”`;
}
