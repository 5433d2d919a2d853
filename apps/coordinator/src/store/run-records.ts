import { RunConfig, RunState, type RunSummary } from '@sotto/protocol/run';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** A run as it is kept: its summary without the rounds, which have rows of their own. */
export type RunRecord = Omit<RunSummary, 'rounds' | 'best' | 'budget'>;

export interface RunRecords {
  addRun(run: RunRecord): Promise<void>;
  setRunState(run: string, state: RunRecord['state'], note: string | null): Promise<void>;
  /** Oldest first. */
  runs(): Promise<RunRecord[]>;
}

export function createRunRecords(db: Kysely<Tables>): RunRecords {
  return {
    async addRun({ run, task, state, note, config, startedAt, initial, revision }) {
      await db.transaction().execute(async (inside) => {
        await inside
          .insertInto('runs')
          .values({
            run,
            task,
            state,
            note,
            config: JSON.stringify(config),
            initial: JSON.stringify(initial),
            started: startedAt,
            ...(revision !== undefined && { revision }),
          })
          .execute();
        await inside
          .insertInto('models')
          .values({ model: initial.model, task, run, round: 0, made: startedAt })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
    },
    async setRunState(run, state, note) {
      await db.updateTable('runs').set({ state, note }).where('run', '=', run).execute();
    },
    async runs() {
      const rows = await db.selectFrom('runs').selectAll().orderBy('started').orderBy('run').execute();
      return rows.map(
        (row): RunRecord => ({
          run: row.run,
          task: row.task,
          state: RunState.parse(row.state),
          note: row.note,
          config: RunConfig.parse(JSON.parse(row.config)),
          startedAt: row.started,
          initial: JSON.parse(row.initial) as RunRecord['initial'],
          ...(row.revision !== null && { revision: row.revision }),
        }),
      );
    },
  };
}
