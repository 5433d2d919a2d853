import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { StartError } from '../src/start-error.ts';
import { loadTasks } from '../src/tasks/tasks.ts';
import { newFolder } from './hall.ts';
import { makeTasks, manifest, topology } from './task-folder.ts';

const up: Coordinator[] = [];
afterEach(async () => {
  for (const coordinator of up.splice(0)) await coordinator.close();
});

async function start(settings: Record<string, string> = {}, tasks = makeTasks()): Promise<Coordinator> {
  const config = readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent', ...settings });
  const coordinator = await startCoordinator(config, { tasksDirs: [tasks] });
  up.push(coordinator);
  return coordinator;
}

async function refusal(settings: Record<string, string> = {}, tasks?: string): Promise<string> {
  const error = await start(settings, tasks).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StartError);
  return (error as StartError).message;
}

describe('starting', () => {
  it('keeps its key, readable by its owner only, and its data over a restart', async () => {
    const folder = join(newFolder(), 'data');
    const first = await start({ SOTTO_DATA_DIR: folder });
    expect(statSync(join(folder, 'coordinator.key')).mode & 0o777).toBe(0o600);
    const { coordinatorKey, adminToken } = first;
    const run = await first.runs.create({ task: 'tiny', seed: 1 });
    await first.close();
    const second = await start({ SOTTO_DATA_DIR: folder });
    expect(second.coordinatorKey).toBe(coordinatorKey);
    expect(second.adminToken).not.toBe(adminToken);
    expect(second.runs.list()).toEqual([run]);
  });

  it('says which port is taken, and leaves the data folder free', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const folder = join(newFolder(), 'data');
    expect(await refusal({ PORT: String(port), SOTTO_DATA_DIR: folder })).toMatch(
      new RegExp(`Port ${port} .*taken.*PORT=0`),
    );
    server.close();
    await start({ SOTTO_DATA_DIR: folder });
  });

  it('shares its data folder with no other coordinator', async () => {
    const folder = join(newFolder(), 'data');
    await start({ SOTTO_DATA_DIR: folder });
    expect(await refusal({ SOTTO_DATA_DIR: folder })).toMatch(/Another coordinator/);
  });

  it('does not touch a folder that is not its own, or is none', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    expect(await refusal({ SOTTO_DATA_DIR: folder })).toMatch(/thesis\.txt.*SOTTO_DATA_DIR/);
    expect(await refusal({ SOTTO_DATA_DIR: join(folder, 'thesis.txt') })).toMatch(/cannot be used/);
  });

  it('makes its data folder however deep, and says where none can be made', async () => {
    const deep = join(newFolder(), 'a', 'b', 'data');
    await start({ SOTTO_DATA_DIR: deep });
    expect(statSync(join(deep, 'sotto.sqlite')).isFile()).toBe(true);
    expect(await refusal({ SOTTO_DATA_DIR: '/proc/sotto/data' })).toMatch(/\/proc\/sotto\/data cannot be used/);
  });

  it('refuses a damaged or exchanged key', async () => {
    const folder = join(newFolder(), 'data');
    await (await start({ SOTTO_DATA_DIR: folder })).close();
    const other = join(newFolder(), 'data');
    await (await start({ SOTTO_DATA_DIR: other })).close();
    copyFileSync(join(other, 'coordinator.key'), join(folder, 'coordinator.key'));
    expect(await refusal({ SOTTO_DATA_DIR: folder })).toMatch(/not the key this data folder was made with/);
    writeFileSync(join(folder, 'coordinator.key'), 'nonsense');
    expect(await refusal({ SOTTO_DATA_DIR: folder })).toMatch(/coordinator\.key is not the coordinator's key/);
  });

  it('misses a key that is gone, and makes no other in its place', async () => {
    const folder = join(newFolder(), 'data');
    await (await start({ SOTTO_DATA_DIR: folder })).close();
    const key = join(folder, 'coordinator.key');
    rmSync(key);
    for (const attempt of ['first', 'second'])
      expect(await refusal({ SOTTO_DATA_DIR: folder }), attempt).toMatch(/coordinator\.key is missing.*backup/);
    expect(existsSync(key)).toBe(false);
  });

  it('takes no folder whose database is elsewhere or would be left out', async () => {
    const folder = join(newFolder(), 'data');
    await (await start({ SOTTO_DATA_DIR: folder })).close();
    const elsewhere = { SOTTO_DATA_DIR: folder, SOTTO_DATABASE_URL: 'postgres://ada:secret-77@127.0.0.1:1/sotto' };
    expect(await refusal(elsewhere)).toMatch(/a database of its own.*SOTTO_DATABASE_URL/);
    rmSync(join(folder, 'sotto.sqlite'));
    expect(await refusal({ SOTTO_DATA_DIR: folder })).toMatch(
      /a coordinator's key and no database.*SOTTO_DATABASE_URL/,
    );
    const unreachable = await refusal(elsewhere);
    expect(unreachable).toMatch(/The database sotto at 127\.0\.0\.1:1 cannot be reached/);
    expect(unreachable).not.toContain('secret-77');
  });

  it('names the setting whose certificate cannot be read or used', async () => {
    const folder = newFolder();
    const file = join(folder, 'cert.pem');
    expect(await refusal({ SOTTO_TLS_CERT: file, SOTTO_TLS_KEY: file })).toMatch(
      /SOTTO_TLS_CERT=.*cert\.pem cannot be read/,
    );
    writeFileSync(file, 'no certificate');
    expect(await refusal({ SOTTO_TLS_CERT: file, SOTTO_TLS_KEY: file })).toMatch(/not a certificate and its key/);
  });
});

describe('a task folder', () => {
  it.each([
    ['no JSON', {}, { 'task.json': '{' }, /task\.json is not JSON/],
    ['a missing field', { title: undefined }, {}, /task\.json: title: /],
    [
      'a field of the wrong kind',
      { training: { optimizer: { name: 'sgd', learningRate: -1 }, epochs: 1, batchSize: 1 } },
      {},
      /task\.json: training\.optimizer\.learningRate: /,
    ],
    ['a model that is missing', { model: 'other.json' }, {}, /other\.json cannot be read/],
    ['a model from elsewhere', { model: '../../etc/passwd' }, {}, /model: .*outside the task's folder/],
    ['a model that is no model', {}, { 'model.json': '{"a":1}' }, /model\.json: /],
    [
      'a model of other classes',
      {},
      { 'model.json': JSON.stringify(topology({ units: 3 })) },
      /tiny\/model\.json: .*last layer has 3 units, but classes in task\.json lists 2/,
    ],
    [
      'a model of other columns',
      {},
      { 'model.json': JSON.stringify(topology({ columns: 5 })) },
      /tiny\/model\.json: .*shape \[5\], but input\.shape in task\.json is \[2\]/,
    ],
    [
      'a model that is no classifier',
      {},
      { 'model.json': JSON.stringify(topology({ activation: 'sigmoid' })) },
      /tiny\/model\.json: .*ends in activation sigmoid/,
    ],
    [
      "a layer TF.js does not have, without TF.js's advice",
      {},
      { 'model.json': '{"class_name":"Sequential","config":{"layers":[{"class_name":"Nope","config":{}}]}}' },
      /tiny\/model\.json: [^\n]*Nope[^\n]*\.$/,
    ],
    ['a shape other than its columns', { input: { ...manifest.input, shape: [3] } }, {}, /task\.json: input\.shape: /],
    ['data with a bad row', {}, { 'train.csv': 'a,b,size\n1,x,small\n' }, /task\.json: data: .*train\.csv/],
    [
      'test data that are missing',
      { data: { format: 'csv', train: 'train.csv', test: 'gone.csv', label: 'size' } },
      {},
      /gone\.csv/,
    ],
  ])('with %s is refused with file and field', async (_, change, files, message) => {
    expect(await refusal({}, makeTasks(change, files))).toMatch(message);
  });

  it('is checked again when only its manifest changed', async () => {
    const folder = join(newFolder(), 'data');
    await (await start({ SOTTO_DATA_DIR: folder })).close();
    const changed = makeTasks({ classes: ['small', 'large', 'huge'] });
    expect(await refusal({ SOTTO_DATA_DIR: folder }, changed)).toMatch(
      /has 2 units, but classes in task\.json lists 3/,
    );
  });

  it('must be there, and be the only one of its name', async () => {
    expect(await refusal({}, newFolder())).toMatch(/There is no task in/);
    expect(await refusal({ SOTTO_TASKS_DIR: join(newFolder(), 'none') })).toMatch(/tasks folder .*none cannot be read/);
    expect(await refusal({ SOTTO_TASKS_DIR: makeTasks() })).toMatch(/Two tasks are called tiny/);
  });

  it('without task.json is left out, with a warning that names it', () => {
    const parent = makeTasks();
    mkdirSync(join(parent, 'half-done'));
    const warnings: string[] = [];
    const tasks = loadTasks([parent], (message) => warnings.push(message));
    expect([...tasks.keys()]).toEqual(['tiny']);
    expect(warnings).toEqual([expect.stringMatching(/half-done is no task: it has no task\.json/)]);
  });

  it('may lie outside the repository', async () => {
    const more = makeTasks({ id: 'tiny-two' });
    mkdirSync(join(more, 'no-task'));
    const coordinator = await start({ SOTTO_TASKS_DIR: more });
    expect(coordinator.runs.status('tiny-two')).toMatchObject({ phase: 'waiting', needed: 3 });
  });
});
