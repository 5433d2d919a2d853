import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type DataSource, openDataSource } from '@sotto/learner/data-source.node';
import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { TaskManifest } from '@sotto/protocol/task';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';

/** A task, read and checked: a folder's, or a revision of one that was made at run time. */
export interface Task {
  readonly manifest: TaskManifest;
  /** Null of a folder's task. */
  readonly revision: number | null;
  /** Earlier revisions, and this one, whose models take the same examples and give the same answers. */
  readonly alike: ReadonlySet<number>;
  /** Put away: nobody takes part in it, no run begins, and what was learned stays. */
  readonly archived: boolean;
  /** Where files of the manifest are looked for that have no absolute path. */
  readonly folder: string;
  /** The manifest with its data files as they are called on this machine. */
  readonly source: TaskManifest;
  /** The data card, Markdown. */
  readonly card: string;
  /** TF.js layers topology, JSON. */
  readonly topology: string;
  /** Path of the model file that runs start from, if there is one. */
  readonly weights: string | null;
  readonly data: DataSource;
}

/** Whether what a run made can be used as what the task is now. */
export function isAlike({ revision, alike }: Task, run: { readonly revision?: number | undefined }): boolean {
  return run.revision === undefined ? revision === null : alike.has(run.revision);
}

/**
 * All tasks of these folders: every sub-folder with a `task.json` is one. Data are read and checked here too, since a round's end is
 * too late to learn that a file is damaged.
 * @param warn is told of each sub-folder that is no task
 * @throws StartError naming file and field.
 */
export function loadTasks(folders: readonly string[], warn: (message: string) => void): Map<string, Task> {
  const tasks = new Map<string, Task>();
  for (const parent of folders)
    for (const folder of subFolders(parent)) {
      if (!existsSync(join(folder, 'task.json'))) {
        warn(`The folder ${folder} is no task: it has no task.json. Add one, or move the folder elsewhere.`);
        continue;
      }
      const task = loadTask(folder);
      const other = tasks.get(task.manifest.id);
      if (other)
        throw new StartError(
          `Two tasks are called ${task.manifest.id}: ${other.folder} and ${folder}. Change the id in one of their task.json files.`,
        );
      tasks.set(task.manifest.id, task);
    }
  if (tasks.size === 0)
    throw new StartError(`There is no task in ${folders.join(' or ')}: a task is a folder with a task.json.`);
  return tasks;
}

function subFolders(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map((entry) => join(parent, entry.name))
      .sort();
  } catch (cause) {
    throw new StartError(`The tasks folder ${parent} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

/** @throws StartError naming file and field. */
export function loadTask(folder: string): Task {
  const path = join(folder, 'task.json');
  const parsed = TaskManifest.safeParse(parseJson(path, readText(path)), { error: inWords });
  if (!parsed.success) throw new StartError(`${path}: ${firstIssue(parsed.error)}.`);
  const manifest = parsed.data;
  const within = (field: 'model' | 'card' | 'weights', name: string) => {
    const file = resolve(folder, name);
    if (!file.startsWith(resolve(folder) + sep))
      throw new StartError(`${path}: ${field}: ${name} lies outside the task's folder. Copy it there.`);
    return file;
  };
  const model = within('model', manifest.model);
  const topology = readText(model);
  parseJson(model, topology);
  const card = readText(within('card', manifest.card));
  const weights = manifest.weights === undefined ? null : within('weights', manifest.weights);
  const data = openDataSource(folder, manifest);
  try {
    if (manifest.data.train !== undefined) data.train(undefined, 1);
    data.test();
  } catch (cause) {
    throw new StartError(`${path}: data: ${messageOf(cause)}`, { cause });
  }
  return {
    manifest,
    revision: null,
    alike: new Set(),
    archived: false,
    folder,
    source: manifest,
    card,
    topology,
    weights,
    data,
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(`${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StartError(`${path} is not JSON: ${messageOf(cause)}.`, { cause });
  }
}
