import type { ModelEvaluation } from '@sotto/protocol/admin/models';
import type { TaskView } from '@sotto/protocol/views';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** A version, and which round of which run made it. */
export type PinnedModel = NonNullable<TaskView['pinned']>;

/** How a model did on held-out examples, as it is kept: what of it is of a class by name follows from the rest. */
export type EvaluationRecord = Omit<ModelEvaluation, 'classes' | 'accuracy'>;

export interface ModelRecords {
  /** Which version participants are offered; null: the latest. */
  pinModel(task: string, pinned: PinnedModel | null): Promise<void>;
  pinnedModel(task: string): Promise<PinnedModel | null>;
  /** Replaces what was kept of the same model on the same examples. */
  keepEvaluation(model: string, evaluation: EvaluationRecord): Promise<void>;
  evaluation(model: string, heldOut: string): Promise<EvaluationRecord | undefined>;
  /** Hashes of the plans of each of these rounds of a run, in the order of their groups. */
  plansOf(run: string, rounds: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>>;
}

export function createModelRecords(db: Kysely<Tables>): ModelRecords {
  return {
    async pinModel(task, pinned) {
      if (pinned === null) await db.deleteFrom('pinned_models').where('task', '=', task).execute();
      else
        await db
          .insertInto('pinned_models')
          .values({ task, ...pinned })
          .onConflict((conflict) => conflict.column('task').doUpdateSet(pinned))
          .execute();
    },
    async pinnedModel(task) {
      const pinned = db.selectFrom('pinned_models').select(['model', 'run', 'round']).where('task', '=', task);
      return (await pinned.executeTakeFirst()) ?? null;
    },
    async keepEvaluation(model, { heldOut, at, ...figures }) {
      const result = JSON.stringify(figures);
      await db
        .insertInto('evaluations')
        .values({ model, held_out: heldOut, at, result })
        .onConflict((conflict) => conflict.columns(['model', 'held_out']).doUpdateSet({ at, result }))
        .execute();
    },
    async evaluation(model, heldOut) {
      const row = await db
        .selectFrom('evaluations')
        .select(['at', 'result'])
        .where('model', '=', model)
        .where('held_out', '=', heldOut)
        .executeTakeFirst();
      return row && { heldOut, at: row.at, ...(JSON.parse(row.result) as Omit<EvaluationRecord, 'heldOut' | 'at'>) };
    },
    async plansOf(run, rounds) {
      if (rounds.length === 0) return new Map();
      const rows = await db
        .selectFrom('parts')
        .select(['round', 'plan'])
        .where('run', '=', run)
        .where('round', 'in', rounds)
        .orderBy('round')
        .orderBy('part')
        .execute();
      return new Map(
        [...Map.groupBy(rows, ({ round }) => round)].map(([round, parts]) => [
          round,
          parts.flatMap(({ plan }) => plan ?? []),
        ]),
      );
    },
  };
}
