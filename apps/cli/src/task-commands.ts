import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folderOf } from '@sotto/coordinator/tasks/task-folder';
import { loadTask } from '@sotto/coordinator/tasks/tasks';
import { type TaskFolder, taskFiles, unpackTask } from '@sotto/learner/task-folder/archive';
import { uploadTask } from '@sotto/learner/task-folder/upload';
import {
  FileView,
  TaskCheck,
  type TaskContent,
  TaskRevisions,
  TaskRevisionView,
  TaskSummaries,
  TaskSummary,
} from '@sotto/protocol/admin/tasks';
import { isRejection } from '@sotto/protocol/rejection';
import type { Admin } from './admin-session.ts';
import { Failure, reasonOf } from './failure.ts';
import { writeWhole } from './json-file.ts';
import { formatPercent, formatTable } from './table.ts';

/** What the `sotto task …` commands do, and how they tell it. */

const at = (task: string) => `/api/admin/tasks/${encodeURIComponent(task)}`;

export async function listTasks(admin: Admin, archived: boolean): Promise<TaskSummaries> {
  const { tasks } = await admin.get(TaskSummaries, '/api/admin/tasks');
  return { tasks: tasks.filter((task) => archived || !task.archived) };
}

export function taskTable({ tasks }: TaskSummaries): string {
  if (tasks.length === 0) return 'There is no task. “sotto task import FOLDER” brings one.';
  return formatTable(
    tasks.map(({ id, title, kind, revision, parameters, heldOutExamples, sampleExamples, unfinished, archived }) => ({
      task: id,
      title,
      kind,
      revision: revision === null ? 'folder' : String(revision),
      parameters: String(parameters),
      'held out': String(heldOutExamples),
      sample: String(sampleExamples),
      run: unfinished ?? '–',
      '': archived ? 'archived' : '',
    })),
  );
}

export async function showTask(admin: Admin, task: string, revision: number | undefined) {
  const shown = await admin.get(TaskRevisionView, `${at(task)}${query(revision)}`);
  return { ...shown, ...(await admin.get(TaskRevisions, `${at(task)}/revisions`)) };
}

export function taskLines(shown: Awaited<ReturnType<typeof showTask>>): string {
  const { id, title, summary, kind, manifest, revision, latest, digest, parameters, heldOutExamples, archived } = shown;
  const { optimizer, epochs, batchSize } = manifest.training;
  return [
    `${title} (${id})${archived ? ', archived' : ''}`,
    summary,
    '',
    `revision  ${revision === null ? 'that of its folder' : `${revision} of ${latest}, ${digest}`}`,
    `learns    ${kind}: ${manifest.classes.join(', ')}`,
    `model     ${parameters} parameters${manifest.weights === undefined ? '' : ', with weights of its own'}`,
    `training  ${optimizer.name}, learning rate ${optimizer.learningRate}, ${epochs} epochs, batches of ${batchSize}`,
    `privacy   clip ${manifest.privacy.clip}, at least ${manifest.privacy.minimumCohort} contributors`,
    `examples  ${heldOutExamples} held out, ${shown.sampleExamples} to hand out as sample data`,
    `run       ${shown.unfinished ?? 'none under way'}`,
    ...(shown.revisions.length === 0 ? [] : ['', revisionTable(shown.revisions)]),
  ].join('\n');
}

function revisionTable(revisions: TaskRevisions['revisions']): string {
  return formatTable(
    revisions.map(({ revision, at, by, changed, runs }) => ({
      revision: String(revision),
      made: new Date(at).toISOString().slice(0, 16).replace('T', ' '),
      by,
      changed: changed.join(', ') || '–',
      runs: runs.join(', ') || '–',
    })),
  );
}

/** As a zip file where `out` ends in .zip, else as files in a folder. @returns what was written */
export async function exportTask(
  admin: Admin,
  task: string,
  out: string,
  revision: number | undefined,
): Promise<string[]> {
  const zip = await admin.bytes(`${at(task)}/export${query(revision)}`);
  if (out.endsWith('.zip')) {
    writeWhole(resolve(out), zip);
    return [resolve(out)];
  }
  const folder = unpackTask(zip);
  if (isRejection(folder)) throw new Failure(`${admin.url} sent something else than a task. ${folder.message}`);
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new Failure(`The folder ${out} cannot be made: ${reasonOf(error)}.`);
  }
  return Object.entries(taskFiles(folder)).map(([name, bytes]) => {
    writeWhole(join(resolve(out), name), bytes);
    return join(resolve(out), name);
  });
}

/**
 * A task folder as coordinators take them (SOTTO_TASKS_DIR), whatever its data are, or a zip file of an exported one.
 * @throws Failure, or StartError naming file and field
 */
export async function readTask(path: string): Promise<TaskFolder> {
  if (!existsSync(path)) throw new Failure(`There is no ${path}. Name a task's folder, or a zip file of one.`);
  if (statSync(path).isDirectory()) return folderOf(loadTask(resolve(path)));
  const folder = unpackTask(readFileSync(path));
  if (isRejection(folder)) throw new Failure(`${path}: ${folder.message}`);
  return folder;
}

export interface ImportOptions {
  /** Another id than it has. */
  readonly id?: string | undefined;
  /** The revision it was made from; default: whichever is the latest. */
  readonly from?: number | undefined;
  readonly sample?: boolean;
}

type Tell = (sent: number, size: number) => void;

async function upload(
  admin: Admin,
  folder: TaskFolder,
  { id, sample = true }: ImportOptions,
  tell: Tell,
): Promise<TaskContent> {
  const manifest = { ...folder.manifest, ...(id !== undefined && { id }) };
  const desk = {
    look: (file: string) => admin.get(FileView, `/api/admin/files/${file}`),
    put: (file: string, { from, size }: { readonly from: number; readonly size: number }, bytes: Uint8Array) =>
      admin.upload(`/api/admin/files/${file}?from=${from}&size=${size}`, bytes, FileView),
  };
  return uploadTask(desk, { ...folder, manifest, ...(!sample && { sample: null }) }, tell);
}

/** Makes the task, or its next revision. */
export async function importTask(
  admin: Admin,
  folder: TaskFolder,
  options: ImportOptions,
  tell: Tell,
): Promise<TaskSummary> {
  const id = options.id ?? folder.manifest.id;
  const { tasks } = await admin.get(TaskSummaries, '/api/admin/tasks');
  const there = tasks.find((task) => task.id === id);
  if (there?.origin === 'folder')
    throw new Failure(`${id} is the task of a folder on the coordinator’s machine. Choose another name: --id NAME.`);
  const content = await upload(admin, folder, options, tell);
  const expected = options.from ?? there?.revision ?? null;
  return admin.send('PUT', at(id), { ...content, expected }, TaskSummary);
}

/** The same without saving anything. */
export async function checkTask(
  admin: Admin,
  folder: TaskFolder,
  options: ImportOptions,
  tell: Tell,
): Promise<TaskCheck> {
  const content = await upload(admin, folder, options, tell);
  return admin.send('POST', `${at(content.manifest.id)}/check`, content, TaskCheck);
}

export function checkLines({ parameters, heldOutExamples, accuracy, loss }: TaskCheck): string {
  return `The model has ${parameters} parameters. Before anybody learned, it gets ${formatPercent(accuracy)} of ${heldOutExamples} held-out examples right, loss ${loss.toFixed(3)}.`;
}

export const copyTask = (admin: Admin, task: string, to: string, title: string | undefined): Promise<TaskSummary> =>
  admin.send('POST', `${at(task)}/copy`, { to, ...(title !== undefined && { title }) }, TaskSummary);

export const archiveTask = (admin: Admin, task: string): Promise<TaskSummary> =>
  admin.send('POST', `${at(task)}/archive`, undefined, TaskSummary);

export const restoreTask = (admin: Admin, task: string): Promise<TaskSummary> =>
  admin.send('POST', `${at(task)}/restore`, undefined, TaskSummary);

function query(revision: number | undefined): string {
  return revision === undefined ? '' : `?revision=${revision}`;
}
