import type { ModelEnds } from '../architecture.ts';
import type { ImportedModel } from './model-json.ts';
import type { BuiltModel, Shards } from './workshop.ts';

/** A whole model, or the features of one with a new answer behind them. */
export type BuildRequest = { readonly ends: ModelEnds } & (
  | { readonly features?: undefined; readonly topology: string; readonly shards: Shards | null }
  | { readonly features: string; readonly model: ImportedModel; readonly shards: Shards }
);

/** Why it cannot be built, as a value: errors lose what they are on the way out of a worker. */
export type BuildOutcome = { readonly built: BuiltModel } | { readonly refused: string };
