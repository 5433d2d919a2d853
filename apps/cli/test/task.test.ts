import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { loadTasks } from '@sotto/coordinator/tasks/tasks';
import { TaskSummary } from '@sotto/protocol/admin/tasks';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Admin, logIn, openAdmin } from '../src/admin-session.ts';
import {
  archiveTask,
  checkTask,
  copyTask,
  exportTask,
  importTask,
  listTasks,
  readTask,
  restoreTask,
  showTask,
  taskLines,
  taskTable,
} from '../src/task-commands.ts';
import { sotto, temporaryFolder } from './command.ts';

const SHIPPED = join(import.meta.dirname, '../../../tasks');
const folder = temporaryFolder();
const place = (name: string) => join(folder.path, name);
let coordinator: Coordinator;
let admin: Admin;

beforeAll(async () => {
  coordinator = await startCoordinator(readConfig({ SOTTO_DATA_DIR: place('data'), PORT: '0', SOTTO_LOG: 'silent' }), {
    pages: folder.path,
  });
  vi.stubEnv('XDG_CONFIG_HOME', place('config'));
  await logIn(coordinator.localUrl, coordinator.adminToken);
  admin = openAdmin();
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await coordinator.close();
  folder[Symbol.dispose]();
});

const silently = () => {};

it('a folder with tables becomes a task at run time, which is exported to a folder that is a task again', async () => {
  const told: number[] = [];
  const made = await importTask(admin, await readTask(join(SHIPPED, 'breast-cancer')), { id: 'mine' }, (sent, size) =>
    told.push(sent / size),
  );
  expect(made).toMatchObject({ id: 'mine', origin: 'own', revision: 1, heldOutExamples: 113, sampleExamples: 456 });
  expect(told.at(-1)).toBe(1);

  const files = await exportTask(admin, 'mine', place('exported/mine'), undefined);
  expect(readdirSync(place('exported/mine')).sort()).toEqual(
    ['DATA.md', 'held-out.safetensors', 'model.json', 'sample.safetensors', 'task.json'].sort(),
  );
  expect(files).toHaveLength(5);
  const [own, shipped] = [
    loadTasks([place('exported')], silently).get('mine')!,
    loadTasks([SHIPPED], silently).get('breast-cancer')!,
  ];
  expect(own.data.test()).toEqual(shipped.data.test());
  expect(own.data.train()).toEqual(shipped.data.train());

  // Nothing changed: no revision is made of it.
  const same = await importTask(admin, await readTask(place('exported/mine')), {}, silently);
  expect(same.revision).toBe(1);
}, 60_000);

it('an edited folder becomes the next revision, from the one it was made of', async () => {
  await exportTask(admin, 'mine', place('edit'), undefined);
  const manifest = JSON.parse(readFileSync(place('edit/task.json'), 'utf8')) as { title: string };
  writeFileSync(place('edit/task.json'), JSON.stringify({ ...manifest, title: 'Tumours' }));
  expect(await importTask(admin, await readTask(place('edit')), { from: 1 }, silently)).toMatchObject({ revision: 2 });
  await expect(
    importTask(admin, await readTask(join(SHIPPED, 'breast-cancer')), { id: 'mine', from: 1 }, silently),
  ).rejects.toThrow('changed title meanwhile: task mine is at revision 2, not 1');
  const shown = await showTask(admin, 'mine', undefined);
  expect(taskLines(shown)).toMatch(/^Tumours \(mine\)[\s\S]*revision +2 of 2[\s\S]*\n +2 .* title +–\n +1 /);
  expect((await showTask(admin, 'mine', 1)).manifest.title).not.toBe('Tumours');
}, 60_000);

it('a zip file is the same bytes each time, is checked without being saved, and may come without training examples', async () => {
  for (const name of ['a.zip', 'b.zip']) await exportTask(admin, 'mine', place(name), 1);
  expect(readFileSync(place('a.zip'))).toEqual(readFileSync(place('b.zip')));
  const task = await readTask(place('a.zip'));
  expect(await checkTask(admin, task, { id: 'other' }, silently)).toMatchObject({ parameters: 530 });
  expect((await listTasks(admin, true)).tasks.map(({ id }) => id)).not.toContain('other');
  const made = await importTask(admin, task, { id: 'bare', sample: false }, silently);
  expect(made).toMatchObject({ id: 'bare', sampleExamples: 0 });
}, 60_000);

it('tasks of folders are copied, not changed, and any task is put away and taken out again', async () => {
  await expect(importTask(admin, await readTask(join(SHIPPED, 'breast-cancer')), {}, silently)).rejects.toThrow(
    'Choose another name: --id NAME',
  );
  expect(await copyTask(admin, 'breast-cancer', 'copy', 'A copy')).toMatchObject({ id: 'copy', title: 'A copy' });
  await archiveTask(admin, 'copy');
  expect((await listTasks(admin, false)).tasks.map(({ id }) => id)).not.toContain('copy');
  expect(taskTable(await listTasks(admin, true))).toMatch(/copy +A copy .* archived/);
  expect(await restoreTask(admin, 'copy')).toMatchObject({ archived: false });
}, 60_000);

it('the commands say it for people and for programs', async () => {
  const listed = await sotto(['task', 'list']);
  expect(listed.stdout).toMatch(/^ *task +title +kind +revision/);
  const { stdout } = await sotto(['task', 'import', join(SHIPPED, 'breast-cancer'), '--id', 'third', '--json']);
  expect(TaskSummary.parse(JSON.parse(stdout))).toMatchObject({ id: 'third', revision: 1 });
  const missing = await sotto(['task', 'show', 'nothing']);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect((await sotto(['task', 'import', place('nowhere')])).stderr).toMatch(
    /There is no .*nowhere\. Name a task's folder/,
  );
}, 60_000);

it('what comes without training data is not simulated, and is learned by whoever brings examples', async () => {
  await exportTask(admin, 'bare', place('bare/bare'), undefined);
  const simulated = await sotto(['simulate', '--task', 'bare', '--participants', '3'], {
    SOTTO_TASKS_DIR: place('bare'),
  });
  expect(simulated.stderr).toMatch(/bare comes without training data: there is nothing to simulate with/);
  const joined = await sotto(['join', '--url', coordinator.localUrl, '--task', 'bare']);
  expect(joined.stderr).toMatch(/has no sample data for bare\. Bring your own with --data/);
  const whole = await sotto(['simulate', '--task', 'mine', '--participants', '3', '--rounds', '1', '--seal', 'off'], {
    SOTTO_TASKS_DIR: place('exported'),
  });
  expect(whole).toMatchObject({ code: 0 });
}, 120_000);
