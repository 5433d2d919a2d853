import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface TaskRecords {
  /**
   * Parameters of a task's model, as last counted for this very topology (and whatever else the caller puts into the string);
   * undefined when they were not.
   */
  parametersOf(task: string, topology: string): Promise<number | undefined>;
  saveTask(task: string, topology: string, parameters: number, at: number): Promise<void>;
}

export function createTaskRecords(db: Kysely<Tables>): TaskRecords {
  return {
    async parametersOf(task, topology) {
      const row = await db
        .selectFrom('tasks')
        .select('parameters')
        .where('task', '=', task)
        .where('topology', '=', topology)
        .executeTakeFirst();
      return row?.parameters;
    },
    async saveTask(task, topology, parameters, seen) {
      await db
        .insertInto('tasks')
        .values({ task, topology, parameters, seen })
        .onConflict((conflict) => conflict.column('task').doUpdateSet({ topology, parameters, seen }))
        .execute();
    },
  };
}
