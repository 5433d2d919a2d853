import type { TaskContent } from '@sotto/protocol/admin/tasks';
import { TaskManifest } from '@sotto/protocol/task';
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Tables } from './schema.ts';

/** A task as it was from one moment on: never changed, only followed by another. */
export interface RevisionRecord {
  readonly task: string;
  readonly revision: number;
  readonly content: TaskContent;
  /** Of its model. */
  readonly parameters: number;
  readonly heldOutExamples: number;
  readonly sampleExamples: number;
  readonly at: number;
  readonly by: string;
}

export interface TaskRevisions {
  /** @returns false when there is such a revision already: nothing is changed then */
  addRevision(record: RevisionRecord): Promise<boolean>;
  /** Of every task the last one; of one task, all of them, the first one first. */
  revisions(task: string | null): Promise<RevisionRecord[]>;
  revision(task: string, revision: number): Promise<RevisionRecord | undefined>;
  /** The task is put away, or taken out again. */
  setArchived(task: string, at: number | null): Promise<void>;
  archivedTasks(): Promise<string[]>;
  /** All of an uploaded file lies among the blobs. */
  keepFile(file: string, at: number): Promise<void>;
  keptFile(file: string): Promise<boolean>;
  /** Files that came before then and that no revision speaks of are kept no longer. @returns those that are */
  forgetFiles(before: number): Promise<string[]>;
}

const FILES = ['model', 'held_out', 'sample', 'weights'] as const;

export function createTaskRevisions(db: Kysely<Tables>): TaskRevisions {
  return {
    async addRevision(record) {
      const { numInsertedOrUpdatedRows: added = 0n } = await db
        .insertInto('task_revisions')
        .values(toRow(record))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return added > 0n;
    },
    async revisions(task) {
      const query = db.selectFrom('task_revisions').selectAll().orderBy('task').orderBy('revision');
      const wanted =
        task === null
          ? query.where(({ eb, refTuple, selectFrom }) =>
              eb(
                refTuple('task', 'revision'),
                'in',
                selectFrom('task_revisions')
                  .select(({ fn }) => ['task', fn.max('revision').as('last')])
                  .groupBy('task')
                  .$asTuple('task', 'last'),
              ),
            )
          : query.where('task', '=', task);
      return (await wanted.execute()).map(fromRow);
    },
    async revision(task, revision) {
      const row = await db
        .selectFrom('task_revisions')
        .selectAll()
        .where('task', '=', task)
        .where('revision', '=', revision)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    async setArchived(task, at) {
      if (at === null) await db.deleteFrom('archived_tasks').where('task', '=', task).execute();
      else
        await db
          .insertInto('archived_tasks')
          .values({ task, at })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
    },
    async archivedTasks() {
      const rows = await db.selectFrom('archived_tasks').select('task').orderBy('task').execute();
      return rows.map(({ task }) => task);
    },
    async keepFile(file, made) {
      await db
        .insertInto('task_files')
        .values({ file, made })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async keptFile(file) {
      const row = await db.selectFrom('task_files').select('file').where('file', '=', file).executeTakeFirst();
      return row !== undefined;
    },
    forgetFiles: (before) =>
      db.transaction().execute(async (inside) => {
        await inside
          .deleteFrom('task_files')
          .where('made', '<', before)
          .where(({ eb, and, not, exists, selectFrom }) =>
            and(
              FILES.map((name) =>
                not(
                  exists(
                    selectFrom('task_revisions')
                      .select(eb.lit(1).as('one'))
                      .whereRef(`task_revisions.${name}`, '=', 'task_files.file'),
                  ),
                ),
              ),
            ),
          )
          .execute();
        const rows = await inside.selectFrom('task_files').select('file').orderBy('file').execute();
        return rows.map(({ file }) => file);
      }),
  };
}

function toRow({ content, heldOutExamples, sampleExamples, ...record }: RevisionRecord) {
  const { manifest, card, model, heldOut, sample, weights } = content;
  const row: Insertable<Tables['task_revisions']> = {
    ...record,
    manifest: JSON.stringify(manifest),
    card,
    model,
    held_out: heldOut,
    sample,
    weights,
    held_out_examples: heldOutExamples,
    sample_examples: sampleExamples,
  };
  return row;
}

function fromRow(row: Selectable<Tables['task_revisions']>): RevisionRecord {
  const { manifest, card, model, held_out: heldOut, sample, weights } = row;
  return {
    task: row.task,
    revision: row.revision,
    content: { manifest: TaskManifest.parse(JSON.parse(manifest)), card, model, heldOut, sample, weights },
    parameters: row.parameters,
    heldOutExamples: row.held_out_examples,
    sampleExamples: row.sample_examples,
    at: Number(row.at),
    by: row.by,
  };
}
