import type { TaskRevisions, TaskRevisionView, TaskSummary } from '@sotto/protocol/admin/tasks';
import { toHex } from '@sotto/protocol/bytes';
import { hashJson } from '@sotto/protocol/digest';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { changedFields } from '../tasks/changes.ts';
import { openRevision } from '../tasks/own-task.ts';
import type { TaskFiles } from '../tasks/task-files.ts';
import type { Task } from '../tasks/tasks.ts';
import type { ViewPorts } from './views.ts';

export interface TaskViewPorts extends Pick<ViewPorts, 'tasks' | 'parameters' | 'runs' | 'store'> {
  readonly files: TaskFiles;
}

/** Examples of a revision are counted when it is made: files of tasks that nobody learns just now are not read for a list. */
export async function taskSummary({ parameters, runs, store }: TaskViewPorts, task: Task): Promise<TaskSummary> {
  const { manifest, revision, archived, data } = task;
  const { id, title, summary, kind } = manifest;
  const record = revision === null ? undefined : await store.revision(id, revision);
  return {
    id,
    title,
    summary,
    kind,
    origin: revision === null ? 'folder' : 'own',
    revision,
    at: record?.at ?? null,
    by: record?.by ?? null,
    archived,
    parameters: record?.parameters ?? parameters.get(id)!,
    heldOutExamples: record?.heldOutExamples ?? data.test().labels.length,
    sampleExamples: record?.sampleExamples ?? data.trainSize,
    unfinished: runs.unfinished(id),
  };
}

export async function revisionView(
  ports: TaskViewPorts,
  id: string,
  revision: number | undefined,
): Promise<TaskRevisionView | Rejection | undefined> {
  const { tasks, store, files } = ports;
  const task = tasks.get(id);
  if (!task) return undefined;
  const wanted = revision ?? task.revision;
  const record = wanted === null ? undefined : await store.revision(id, wanted);
  if (wanted !== null && !record) return reject('unknown_revision', `Task ${id} has no revision ${wanted}.`);
  const then = record && wanted !== task.revision ? await openRevision(files, record, task) : task;
  const { manifest, card, topology } = then;
  return {
    ...(await taskSummary(ports, then)),
    latest: task.revision,
    digest: record ? toHex(hashJson(record.content)) : null,
    manifest,
    card,
    topology,
    files: record ? filesOf(record.content) : null,
  };
}

function filesOf({ model, heldOut, sample, weights }: NonNullable<TaskRevisionView['files']>) {
  return { model, heldOut, sample, weights };
}

export async function revisionList(
  { tasks, store, runs }: TaskViewPorts,
  id: string,
): Promise<TaskRevisions | undefined> {
  if (!tasks.has(id)) return undefined;
  const records = await store.revisions(id);
  const learned = runs.list().filter(({ task }) => task === id);
  const revisions = records.map(({ revision, at, by, content }, i) => ({
    revision,
    at,
    by,
    changed: i === 0 ? [] : changedFields(records[i - 1]!.content, content),
    runs: learned.flatMap((run) => (run.revision === revision ? run.run : [])),
  }));
  return { revisions: revisions.reverse() };
}
