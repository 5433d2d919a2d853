import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type DataSource, openDataSource } from '@sotto/learner/data-source.node';
import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { TaskManifest } from '@sotto/protocol/task';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';

/** A task folder, read and checked. */
export interface Task {
  readonly manifest: TaskManifest;
  readonly folder: string;
  /** The data card, Markdown. */
  readonly card: string;
  /** TF.js layers topology, JSON. */
  readonly topology: string;
  readonly data: DataSource;
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

function loadTask(folder: string): Task {
  const path = join(folder, 'task.json');
  const parsed = TaskManifest.safeParse(parseJson(path, readText(path)), { error: inWords });
  if (!parsed.success) throw new StartError(`${path}: ${firstIssue(parsed.error)}.`);
  const manifest = parsed.data;
  const within = (field: 'model' | 'card') => {
    const file = resolve(folder, manifest[field]);
    if (!file.startsWith(resolve(folder) + sep))
      throw new StartError(`${path}: ${field}: ${manifest[field]} lies outside the task's folder. Copy it there.`);
    return file;
  };
  const topology = readText(within('model'));
  parseJson(within('model'), topology);
  const card = readText(within('card'));
  const data = openDataSource(folder, manifest);
  try {
    if (manifest.data.train !== undefined) data.train(undefined, 1);
    data.test();
  } catch (cause) {
    throw new StartError(`${path}: data: ${messageOf(cause)}`, { cause });
  }
  return { manifest, folder, card, topology, data };
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
