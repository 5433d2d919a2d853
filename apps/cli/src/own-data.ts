import { existsSync, openAsBlob, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { concatDatasets, type Dataset } from '@sotto/learner/dataset';
import { describeFault, type Fault, joinFaults, NO_FAULTS } from '@sotto/learner/intake/fault';
import { layoutOf } from '@sotto/learner/table/layout';
import { openTable, readTable } from '@sotto/learner/table/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { Failure, reasonOf } from './failure.ts';

/** Faults that are told one by one. */
const TOLD = 20;

/** Whether this names a task folder rather than data of one's own. */
export function isTaskFolder(path: string): boolean {
  return existsSync(join(path, 'task.json'));
}

/**
 * A device's own examples: a CSV or Parquet file with the task's columns (of a text task: one of texts, one of answers), or a folder of
 * such files. A bad line costs only itself, and is told of.
 * @throws Failure when nothing can be used
 */
export async function readOwnData(path: string, task: TaskManifest, say: (line: string) => void): Promise<Dataset> {
  const layout = layoutOf(task);
  if (!layout)
    throw new Failure(
      `${task.id} learns from pictures, which this command cannot read yet. Use the page, or give --data a task folder.`,
    );
  const files = tablesIn(path);
  if (files.length === 0) throw new Failure(`${path} holds no .csv or .parquet file. Name one, or a folder with some.`);
  const datasets: Dataset[] = [];
  let faults = NO_FAULTS;
  for (const file of files) {
    const brought = { name: basename(file), blob: await openAsBlob(file) };
    const opening = await openTable(brought, layout);
    if ('code' in opening) {
      faults = joinFaults(faults, { count: 1, first: [opening as Fault] });
      continue;
    }
    if (opening.mapping.headless)
      say(`${brought.name} does not name its columns: they are taken by what they hold, in the task’s order.`);
    if (opening.coding === 'windows-1252') say(`${brought.name} is not UTF-8: it is read as Windows-1252.`);
    const reading = await readTable(brought, layout, opening.mapping, async () => {});
    faults = joinFaults(faults, reading.faults);
    if (reading.dataset) datasets.push(reading.dataset);
  }
  for (const fault of faults.first.slice(0, TOLD)) say(describeFault(fault));
  if (faults.count > TOLD) say(`… and ${faults.count - TOLD} more that could not be used`);
  if (datasets.length === 0) throw new Failure(`There is no example of ${task.id} in ${path} that can be used.`);
  return datasets.length === 1 ? datasets[0]! : concatDatasets(datasets);
}

function tablesIn(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => /\.(csv|tsv|parquet)$/i.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}
