import { packTask } from '@sotto/learner/task-folder/archive';
import type { TaskCheck, TaskContent, TaskDraft } from '@sotto/protocol/admin/tasks';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { Runs } from '../rounds/runs.ts';
import type { Store } from '../store/store.ts';
import type { RevisionRecord } from '../store/task-revisions.ts';
import { createTurns } from '../turns.ts';
import { changedFields, moreThanWords } from './changes.ts';
import { openRevision } from './own-task.ts';
import type { TaskRegistry } from './registry.ts';
import { checkTask, type TaskCheckPorts } from './task-check.ts';
import type { TaskFiles } from './task-files.ts';
import { folderOf } from './task-folder.ts';
import type { Task } from './tasks.ts';

export interface AuthoringPorts extends TaskCheckPorts {
  readonly store: Pick<Store, 'addRevision' | 'revision' | 'revisions' | 'setArchived'>;
  readonly files: TaskFiles;
  readonly registry: TaskRegistry;
  readonly runs: Pick<Runs, 'unfinished' | 'betweenBegins'>;
  /** Looks again whether devices of a task are still devices of it. */
  readonly review: (task: string) => Promise<void>;
  readonly now: () => number;
}

type Result<T> = Promise<T | Rejection>;

/** Makes, changes and puts away tasks. Each decision is on disk first, then holds. */
export interface Authoring {
  /** What would come of saving it; nothing is saved. */
  check(task: string, content: TaskContent): Result<TaskCheck>;
  /** Makes the next revision of a task, or a task; none when nothing is changed. */
  save(task: string, draft: TaskDraft, by: string): Result<Task>;
  copy(task: string, copy: { readonly to: string; readonly title?: string | undefined }, by: string): Result<Task>;
  setArchived(task: string, archived: boolean): Result<Task>;
  /** A zip file of the task as it is, or was. */
  export(task: string, revision: number | undefined): Result<Uint8Array<ArrayBuffer>>;
}

export function createAuthoring(ports: AuthoringPorts): Authoring {
  const { store, files, registry, runs, now } = ports;
  const { tasks } = registry;
  const inTurn = createTurns();
  const noTask = (task: string) => reject('unknown_task', `There is no task ${task}. Check its name.`);

  /** Why nobody can go on from `expected`; undefined when it is what is there. */
  async function whyNot(id: string, { expected }: Pick<TaskDraft, 'expected'>): Promise<Rejection | undefined> {
    const task = tasks.get(id);
    if (!task)
      return expected === null
        ? undefined
        : reject('unknown_task', `There is no task ${id} to change. Leave “expected” null to make it.`);
    if (task.revision === null)
      return reject(
        'task_fixed',
        `${id} is the task of a folder: change its files and restart, or copy it and change the copy.`,
      );
    if (expected === null)
      return reject('task_exists', `There is a task ${id} already. Choose another name, or change that one.`);
    if (task.archived) return reject('task_archived', `Task ${id} is archived. Restore it first.`);
    if (expected === task.revision) return undefined;
    const [seen, is] = [await store.revision(id, expected), await store.revision(id, task.revision)];
    const what = seen && is ? changedFields(seen.content, is.content).join(', ') || 'nothing' : 'it';
    return reject(
      'task_changed',
      `${is?.by ?? 'Somebody'} changed ${what} meanwhile: task ${id} is at revision ${task.revision}, not ${expected}. Load it again, then make your change.`,
    );
  }

  const save = (id: string, draft: TaskDraft, by: string): Result<Task> =>
    inTurn(async () => {
      const refused = await whyNot(id, draft);
      if (refused) return refused;
      const { expected, ...given } = draft;
      const checked = await checkTask(ports, id, given);
      if (isRejection(checked)) return checked;
      const { content, check } = checked;
      const before = expected === null ? undefined : await store.revision(id, expected);
      const changed = before ? changedFields(before.content, content) : [];
      if (before && changed.length === 0) return tasks.get(id)!;
      const saved = await runs.betweenBegins(async () => {
        const run = runs.unfinished(id);
        const [more] = moreThanWords(changed);
        if (run !== null && more !== undefined)
          return reject(
            'task_running',
            `${more} cannot change while run ${run} learns by it. Stop the run first; title, summary, data card, translations and aliases may change at any time.`,
          );
        const { parameters, heldOutExamples, sampleExamples } = check;
        const record: RevisionRecord = {
          task: id,
          revision: (expected ?? 0) + 1,
          content,
          parameters,
          heldOutExamples,
          sampleExamples,
          at: now(),
          by,
        };
        const added = await store.addRevision(record);
        // Else it was stored before, and word of that got lost with the database.
        const stored = added ? record : (await store.revisions(id)).at(-1)!;
        const task = await registry.adopt(stored);
        if (added) return task;
        return changedFields(stored.content, content).length === 0
          ? task
          : reject('task_changed', `Task ${id} has changed meanwhile. Load it again, then make your change.`);
      });
      if (!isRejection(saved)) await ports.review(id);
      return saved;
    });

  async function putAll(all: Readonly<Record<string, Uint8Array | null>>): Result<Record<string, string | null>> {
    const put: Record<string, string | null> = {};
    for (const [name, bytes] of Object.entries(all)) {
      const file = bytes && (await files.put(bytes));
      if (isRejection(file)) return file;
      put[name] = file;
    }
    return put;
  }

  return {
    async check(id, content) {
      const checked = await checkTask(ports, id, content);
      return isRejection(checked) ? checked : checked.check;
    },
    save,
    async copy(id, { to, title }, by) {
      const task = tasks.get(id);
      if (!task) return noTask(id);
      const refused = await whyNot(to, { expected: null });
      if (refused) return refused;
      const { manifest, card, ...all } = await folderOf(task);
      const put = await putAll(all);
      if (isRejection(put)) return put;
      const { model, heldOut, sample = null, weights = null } = put as Record<'model' | 'heldOut', string> & typeof put;
      const copied = { ...manifest, id: to, ...(title !== undefined && { title }) };
      return save(to, { expected: null, manifest: copied, card, model, heldOut, sample, weights }, by);
    },
    setArchived: (id, archived) =>
      inTurn(async () => {
        const set = await runs.betweenBegins(async () => {
          if (!tasks.has(id)) return noTask(id);
          const run = runs.unfinished(id);
          if (archived && run !== null)
            return reject('task_running', `Run ${run} learns by task ${id}. Stop it first, then archive the task.`);
          await store.setArchived(id, archived ? now() : null);
          registry.setArchived(id, archived);
          return tasks.get(id)!;
        });
        if (!isRejection(set)) await ports.review(id);
        return set;
      }),
    async export(id, revision) {
      const task = tasks.get(id);
      if (!task) return noTask(id);
      if (revision === undefined || revision === task.revision) return packTask(await folderOf(task));
      const record = await store.revision(id, revision);
      if (!record) return reject('unknown_revision', `Task ${id} has no revision ${revision}.`);
      return packTask(await folderOf(await openRevision(files, record, task)));
    },
  };
}
