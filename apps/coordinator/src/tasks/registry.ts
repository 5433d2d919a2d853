import { InvariantError } from '@sotto/protocol/rejection';
import { examplesHash, type TaskManifest } from '@sotto/protocol/task';
import { StartError } from '../start-error.ts';
import type { Store } from '../store/store.ts';
import type { RevisionRecord } from '../store/task-revisions.ts';
import { alikeOf, openRevision } from './own-task.ts';
import type { TaskFiles } from './task-files.ts';
import type { Task } from './tasks.ts';

/** What a run needs to know of its task. */
export interface TaskThen {
  readonly manifest: TaskManifest;
  readonly parameters: number;
}

/** All tasks there are, those of folders first. They come and change while the coordinator runs: nobody keeps their names. */
export interface TaskRegistry {
  readonly tasks: ReadonlyMap<string, Task>;
  /** Parameters of each task's model. */
  readonly parameters: ReadonlyMap<string, number>;
  /** A task as it was when a run of it began. */
  at(task: string, revision: number | undefined): Promise<TaskThen>;
  /** What a task's examples are read by; null of one that is archived, or not here. */
  examplesOf(task: string): string | null;
  /** The store knows it already. */
  adopt(record: RevisionRecord): Promise<Task>;
  setArchived(task: string, archived: boolean): void;
}

interface RegistryPorts {
  readonly store: Pick<Store, 'revisions' | 'revision' | 'archivedTasks'>;
  readonly files: Pick<TaskFiles, 'pathOf' | 'look'>;
  /** Of a folder's task. @throws StartError when its model cannot be built */
  readonly countParameters: (task: Task) => Promise<number>;
}

/** @throws StartError when two tasks have one name, or files of a task are missing */
export async function openRegistry(
  { store, files, countParameters }: RegistryPorts,
  folders: ReadonlyMap<string, Task>,
): Promise<TaskRegistry> {
  const tasks = new Map<string, Task>();
  const parameters = new Map<string, number>();
  const archived = new Set(await store.archivedTasks());
  /** Asked for by every device that comes back, and the same until the task is another value. */
  const hashes = new WeakMap<TaskManifest, string>();

  for (const [id, task] of folders) {
    tasks.set(id, { ...task, archived: archived.has(id) });
    parameters.set(id, await countParameters(task));
  }
  for (const record of await store.revisions(null)) {
    const folder = folders.get(record.task)?.folder;
    if (folder !== undefined)
      throw new StartError(
        `Two tasks are called ${record.task}: the one in ${folder}, and one that was made on the admin page. Change the id in the folder's task.json.`,
      );
    // A round's end would be too late to learn of it.
    for (const name of ['model', 'heldOut', 'sample', 'weights'] as const) {
      const file = record.content[name];
      if (file !== null && !(await files.look(file)).whole)
        throw new StartError(
          `Task ${record.task} lacks its file ${name}, ${files.pathOf(file)}. Restore the data folder from a backup.`,
        );
    }
    await adopt(record);
  }

  async function adopt(record: RevisionRecord): Promise<Task> {
    const { task: id } = record;
    const task = await openRevision(files, record, {
      alike: alikeOf(await store.revisions(id)),
      archived: tasks.get(id)?.archived ?? archived.has(id),
    });
    tasks.set(id, task);
    parameters.set(id, record.parameters);
    return task;
  }

  return {
    tasks,
    parameters,
    adopt,
    examplesOf(id) {
      const task = tasks.get(id);
      if (!task || task.archived) return null;
      const hash = hashes.get(task.manifest) ?? examplesHash(task.manifest);
      hashes.set(task.manifest, hash);
      return hash;
    },
    async at(id, revision) {
      const task = tasks.get(id);
      const then =
        revision === undefined || revision === task?.revision ? undefined : await store.revision(id, revision);
      if (then) return { manifest: then.content.manifest, parameters: then.parameters };
      if (!task) throw new InvariantError(`there is no task ${id}`);
      return { manifest: task.manifest, parameters: parameters.get(id)! };
    },
    setArchived(id, to) {
      const task = tasks.get(id);
      if (task) tasks.set(id, { ...task, archived: to });
    },
  };
}
