import type { ModelEvaluation, ModelVersion } from '@sotto/protocol/admin/models';
import type { RunSummary } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';

/** All that a model card is made of. */
export interface CardFacts {
  readonly task: TaskManifest;
  /** The task's data card, Markdown. */
  readonly dataCard: string;
  readonly version: ModelVersion;
  /** The version and those it was made from, the latest first. */
  readonly ancestry: readonly ModelVersion[];
  /** Of these versions, by name. */
  readonly runs: ReadonlyMap<string, RunSummary>;
  readonly evaluation: ModelEvaluation | null;
  /** Weights. */
  readonly parameters: number | null;
  /** The coordinator's public key. */
  readonly coordinator: string;
}
