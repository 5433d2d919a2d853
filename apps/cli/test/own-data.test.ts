import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TaskManifest } from '@sotto/protocol/task';
import { expect, test } from 'vitest';
import { isTaskFolder, readOwnData } from '../src/own-data.ts';
import { dealPart } from '../src/task-data.ts';
import { temporaryFolder } from './command.ts';

const TASKS = join(import.meta.dirname, '../../../tasks');
const manifest = (task: string) => TaskManifest.parse(JSON.parse(readFileSync(join(TASKS, task, 'task.json'), 'utf8')));
const lines = (file: string) => readFileSync(join(TASKS, file), 'utf8').trimEnd().split('\n');

test('a folder of tables adds up; a bad line costs only itself and is told of', async () => {
  using folder = temporaryFolder();
  const [header, ...rows] = lines('breast-cancer/test.csv');
  const wrong = rows[2]!.replace(/^[^,]*/, 'large');
  writeFileSync(join(folder.path, 'a.csv'), [header, rows[0], rows[1], wrong].join('\n'));
  writeFileSync(join(folder.path, 'b.CSV'), [header, rows[3]].join('\r\n'));
  writeFileSync(join(folder.path, 'notes.txt'), 'not a table');
  const said: string[] = [];
  const { labels, shape } = await readOwnData(folder.path, manifest('breast-cancer'), (line) => said.push(line));
  expect(labels).toHaveLength(3);
  expect(shape).toEqual([30]);
  expect(said).toEqual([expect.stringMatching(/^a\.csv, line 4, column "radius_mean": "large" is not a number/)]);
});

test('a table of texts becomes examples of a text task, and is dealt without losing any', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'mails.csv');
  writeFileSync(file, 'label;Text\nspam;"Win cash now; click here"\n"not spam";See you tomorrow\nspam;Cheap loans\n');
  const said: string[] = [];
  const data = await readOwnData(file, manifest('spam'), (line) => said.push(line));
  expect([...data.labels]).toEqual([1, 0, 1]);
  expect(said).toEqual([]);
  const parts = [0, 1].map((index) => dealPart(data, { index, count: 2, by: 'iid' }, undefined));
  expect(parts.flatMap(({ labels }) => [...labels]).sort()).toEqual([0, 1, 1]);
  expect(dealPart(data, { index: 0, count: 1, by: 'iid' }, 2).labels).toHaveLength(2);
});

test('what was only supposed of a table is said: its columns’ names, its coding', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'bare.csv');
  const rows = 'spam\tWin a prize\nnot spam\tSchöne Grüße\nspam\tCheap\n';
  writeFileSync(file, rows, 'latin1');
  const said: string[] = [];
  const { labels } = await readOwnData(file, manifest('spam'), (line) => said.push(line));
  expect([...labels]).toEqual([1, 0, 1]);
  expect(said).toEqual([expect.stringContaining('does not name its columns'), expect.stringContaining('Windows-1252')]);
});

test('what cannot be used is refused, and said', async () => {
  using folder = temporaryFolder();
  const say = () => {};
  const empty = join(folder.path, 'empty');
  mkdirSync(empty);
  const foreign = join(folder.path, 'foreign.csv');
  writeFileSync(foreign, 'x,y\n1,2\n');
  const table = manifest('breast-cancer');
  await expect(readOwnData(foreign, manifest('mnist'), say)).rejects.toThrow('learns from pictures');
  await expect(readOwnData(empty, table, say)).rejects.toThrow('holds no .csv or .parquet file');
  await expect(readOwnData(join(empty, 'x.csv'), table, say)).rejects.toThrow('cannot be read');
  await expect(readOwnData(foreign, table, say)).rejects.toThrow('There is no example of breast-cancer');
  expect(isTaskFolder(join(TASKS, 'spam'))).toBe(true);
  expect(isTaskFolder(foreign)).toBe(false);
});
