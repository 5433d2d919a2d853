import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { initialModel } from '@sotto/learner/architecture';
import { encodeDataset } from '@sotto/learner/dataset-file';
import { unpackTask } from '@sotto/learner/task-folder/archive';
import {
  FILE_PART_BYTES,
  type FileView,
  type TaskDraft,
  TaskRevisions,
  TaskRevisionView,
  TaskSummaries,
} from '@sotto/protocol/admin/tasks';
import { isRejection } from '@sotto/protocol/rejection';
import { RunSummary } from '@sotto/protocol/run';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { TaskList, TaskView } from '@sotto/protocol/views';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { Unavailable } from '../src/unavailable.ts';
import { newFolder, until } from './hall.ts';
import { connectDevices, playRound } from './live.ts';
import { manifest as folderManifest, makeTasks, topology } from './task-folder.ts';

let coordinator: Coordinator;
let cookie = '';
let dataDir = '';
let tasksDir = '';
let failing: (name: string) => void = () => {};

async function start() {
  coordinator = await startCoordinator(readConfig({ SOTTO_DATA_DIR: dataDir, PORT: '0', SOTTO_LOG: 'silent' }), {
    tasksDirs: [tasksDir],
    checkAnswers: true,
    pages: newFolder(),
    failpoint: (name) => failing(name),
  });
  const signedIn = await ask('POST', '/api/admin/session', { token: coordinator.adminToken });
  cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
}

beforeEach(async () => {
  dataDir = join(newFolder(), 'data');
  tasksDir = makeTasks();
  await start();
});
afterEach(() => {
  failing = () => {};
  return coordinator.close();
});

async function ask(method: string, path: string, body?: unknown) {
  const isBytes = body instanceof Uint8Array;
  const response = await fetch(new URL(path, coordinator.localUrl), {
    method,
    headers: {
      origin: coordinator.url,
      cookie,
      ...(body !== undefined && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body !== undefined && { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const json = () => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, bytes, json };
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function upload(bytes: Uint8Array): Promise<string> {
  const file = digest(bytes);
  for (let from = 0; from < bytes.length; from += FILE_PART_BYTES) {
    const part = bytes.slice(from, from + FILE_PART_BYTES);
    const { status, json } = await ask('PUT', `/api/admin/files/${file}?from=${from}&size=${bytes.length}`, part);
    if (status !== 200) throw new Error(JSON.stringify(json()));
  }
  return file;
}

const examples = (count: number, labels = [0, 1]) =>
  encodeDataset({
    inputs: Float32Array.from({ length: 2 * count }, (_, i) => i % 5),
    shape: [2],
    scale: 1,
    labels: Int32Array.from({ length: count }, (_, i) => labels[i % labels.length]!),
  });

const manifest = {
  ...folderManifest,
  id: 'rain',
  title: 'Rain',
  data: { format: 'dataset', test: 'any.safetensors', label: 'size' },
} as unknown as TaskDraft['manifest'];

/** A task of one's own, its files uploaded. */
async function draft(change: object = {}): Promise<TaskDraft> {
  return {
    expected: null,
    manifest,
    model: await upload(encodeUtf8(JSON.stringify(topology()))),
    card: '# Rain',
    heldOut: await upload(examples(6)),
    sample: null,
    weights: null,
    ...change,
  };
}

const save = (task: TaskDraft, id = 'rain') => ask('PUT', `/api/admin/tasks/${id}`, task);
const view = async (id = 'rain', query = '') =>
  TaskRevisionView.parse((await ask('GET', `/api/admin/tasks/${id}${query}`)).json());

describe('an uploaded file', () => {
  it('comes in parts, goes on where it broke off, and is there once its digest is right', async () => {
    const bytes = new Uint8Array(2 * FILE_PART_BYTES + 10).map((_, i) => i % 251);
    const file = digest(bytes);
    const put = async (from: number, part: Uint8Array) =>
      ask('PUT', `/api/admin/files/${file}?from=${from}&size=${bytes.length}`, part);
    const second = bytes.slice(FILE_PART_BYTES, 2 * FILE_PART_BYTES);
    expect((await put(FILE_PART_BYTES, second)).json().rejected).toBe('part_out_of_order');
    expect((await put(0, bytes.slice(0, 100))).json().rejected).toBe('wrong_length');
    for (const _ of [1, 2]) expect((await put(0, bytes.slice(0, FILE_PART_BYTES))).status).toBe(200);
    const { received, whole } = (await ask('GET', `/api/admin/files/${file}`)).json() as FileView;
    expect({ received, whole }).toEqual({ received: FILE_PART_BYTES, whole: false });
    await put(FILE_PART_BYTES, second);
    const last = () => put(2 * FILE_PART_BYTES, bytes.slice(2 * FILE_PART_BYTES));
    for (const _ of [1, 2]) expect((await last()).json()).toEqual({ file, received: bytes.length, whole: true });
  });

  it('that is another than it says is refused and forgotten', async () => {
    const file = digest(Uint8Array.of(1));
    const sent = await ask('PUT', `/api/admin/files/${file}?from=0&size=1`, Uint8Array.of(2));
    expect(sent.json().rejected).toBe('wrong_digest');
    expect((await ask('GET', `/api/admin/files/${file}`)).json()).toMatchObject({ received: 0, whole: false });
    expect((await ask('PUT', `/api/admin/files/${file}?from=0&size=1`, Uint8Array.of(1))).status).toBe(200);
  });
});

describe('a task made at run time', () => {
  it('is offered to participants at once, and over a restart', async () => {
    const saved = await save(await draft({ sample: await upload(examples(9)) }));
    expect(saved.json()).toMatchObject({ id: 'rain', revision: 1, origin: 'own', parameters: 6, heldOutExamples: 6 });
    const offered = async () => {
      const list = TaskList.parse((await ask('GET', '/api/tasks')).json());
      const { task, sampleExamples, card } = TaskView.parse((await ask('GET', '/api/tasks/rain')).json());
      const sample = await ask('GET', '/api/tasks/rain/sample?index=0&count=3');
      return { ids: list.tasks.map(({ id }) => id), data: task.data, sampleExamples, card, sample: sample.status };
    };
    const data = { ...manifest.data, test: 'held-out.safetensors', train: 'sample.safetensors' };
    const expected = { ids: ['tiny', 'rain'], data, sampleExamples: 9, card: '# Rain', sample: 200 };
    expect(await offered()).toEqual(expected);
    await coordinator.close();
    await start();
    expect(await offered()).toEqual(expected);
  });

  it('without training examples has no sample data, and says so', async () => {
    await save(await draft());
    expect(TaskView.parse((await ask('GET', '/api/tasks/rain')).json()).sampleExamples).toBe(0);
    const sample = await ask('GET', '/api/tasks/rain/sample');
    expect(sample.status).toBe(404);
    expect(sample.json()).toMatchObject({ rejected: 'no_sample_data' });
  });

  it('is refused with the field that is wrong, its value and what to do', async () => {
    const right = await draft();
    const said = async (change: object) => (await save({ ...right, ...change })).json().message;
    expect(await said({ model: '0'.repeat(64) })).toMatch(/^model: the file 000.* is not here\. Upload it/);
    const [four, units] = [topology({ columns: 4 }), topology({ units: 3 })].map((json) => JSON.stringify(json));
    expect(await said({ model: await upload(encodeUtf8(four!)) })).toMatch(/^model: .*shape \[4\], but .* is \[2\]/);
    expect(await said({ model: await upload(encodeUtf8(units!)) })).toMatch(
      /^model: .*3 units, but classes .* lists 2/,
    );
    expect(await said({ model: right.heldOut })).toMatch(/^model: .*not JSON/);
    expect(await said({ heldOut: right.model })).toMatch(/^heldOut: held-out\.safetensors: Not a dataset/);
    expect(await said({ heldOut: await upload(examples(4, [0, 2])) })).toMatch(/^heldOut: .*class/);
    expect(await said({ sample: right.model })).toMatch(/^sample: sample\.safetensors: Not a dataset/);
    expect(await said({ weights: right.model })).toMatch(/^weights: Not a Sotto model file/);
    expect(await said({ manifest: { ...manifest, rounds: 0 } })).toBe('manifest.rounds: must be at least 1, not 0');
    expect(await said({ manifest: { ...manifest, id: 'snow' } })).toMatch(/^manifest\.id: must be “rain”.*not “snow”/);
    expect(await said({ manifest: { ...manifest, data: folderManifest.data } })).toMatch(
      /^manifest\.data\.format: must/,
    );
    expect(await said({ expected: 3 })).toMatch(/no task rain to change/);
    expect(TaskSummaries.parse((await ask('GET', '/api/admin/tasks')).json()).tasks.map(({ id }) => id)).toEqual([
      'tiny',
    ]);
  });

  it('can be checked without being saved', async () => {
    const { expected: _, ...content } = await draft();
    const checked = await ask('POST', '/api/admin/tasks/rain/check', content);
    expect(checked.json()).toMatchObject({ parameters: 6, heldOutExamples: 6, sampleExamples: 0 });
    expect((await ask('GET', '/api/admin/tasks/rain')).status).toBe(404);
  });

  it('starts its runs from its own weights, where it has some', async () => {
    const weights = await initialModel(JSON.stringify(topology()), 99);
    await save(await draft({ weights: await upload(weights) }));
    const run = RunSummary.parse((await ask('POST', '/api/admin/runs', { task: 'rain', seed: 1 })).json());
    expect(run.initial.model).toBe(digest(weights));
    expect(run.revision).toBe(1);
  });

  it('is learned by devices as a folder’s task is', async () => {
    await coordinator.close();
    tasksDir = makeTasks({ id: 'other' });
    await start();
    expect((await save(await draft({ manifest: { ...manifest, id: 'tiny' } }), 'tiny')).status).toBe(200);
    const devices = await connectDevices(coordinator.localUrl, 3);
    const { rounds, revision } = await playRound(coordinator.runs);
    expect(rounds).toMatchObject([{ kind: 'published', contributors: 3 }]);
    expect(revision).toBe(1);
    // Put away, it has no devices any more.
    await ask('POST', '/api/admin/tasks/tiny/archive');
    for (const { participant } of devices)
      await until('it was told', () => participant().state().problem?.rejected === 'unknown_task');
  });

  it('without its held-out examples is missed at the start, not at a round’s end', async () => {
    const { heldOut } = await draft();
    await save(await draft());
    await coordinator.close();
    rmSync(join(dataDir, 'blobs', 'files', heldOut));
    await expect(start()).rejects.toThrow(/Task rain lacks its file heldOut, .*Restore the data folder from a backup/);
    dataDir = join(newFolder(), 'data');
    await start();
  });

  it('is not let in under the name of a folder’s task', async () => {
    const task = await draft({ manifest: { ...manifest, id: 'tiny' } });
    expect((await save(task, 'tiny')).json().rejected).toBe('task_fixed');
  });
});

describe('a revision', () => {
  it('follows the one that was seen; whoever was slower is told who changed what', async () => {
    const first = await draft();
    await save(first);
    const second = { ...first, expected: 1, manifest: { ...manifest, title: 'More rain' } };
    expect((await save(second)).json()).toMatchObject({ revision: 2, title: 'More rain' });
    const late = await save({ ...first, expected: 1, card: '# Late' });
    expect(late.status).toBe(409);
    expect(late.json()).toMatchObject({ rejected: 'task_changed' });
    expect(late.json().message).toMatch(/changed title meanwhile: task rain is at revision 2, not 1/);
    expect((await save(first)).json().rejected).toBe('task_exists');
    // The same again is no change.
    expect((await save({ ...second, expected: 2 })).json()).toMatchObject({ revision: 2 });
    const { revisions } = TaskRevisions.parse((await ask('GET', '/api/admin/tasks/rain/revisions')).json());
    expect(revisions.map(({ revision, changed }) => [revision, changed])).toEqual([
      [2, ['title']],
      [1, []],
    ]);
    expect((await view('rain', '?revision=1')).manifest.title).toBe('Rain');
    expect((await view()).latest).toBe(2);
    expect((await ask('GET', '/api/admin/tasks/rain?revision=7')).status).toBe(404);
  });

  it('of two saved at once is one, and the other is refused', async () => {
    const first = await draft();
    await save(first);
    const both = await Promise.all(['# A', '# B'].map((card) => save({ ...first, expected: 1, card })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('whose word got lost with the database is not made twice', async () => {
    const first = await draft();
    failing = (name) => {
      if (name !== 'store:addRevision:after') return;
      failing = () => {};
      throw new Unavailable('The database is away.');
    };
    expect((await save(first)).status).toBe(503);
    expect((await save(first)).json()).toMatchObject({ revision: 1 });
    expect((await save({ ...first, expected: 1, card: '# Next' })).json()).toMatchObject({ revision: 2 });
  });

  it('changes only words while a run learns by the one before', async () => {
    const first = await draft();
    await save(first);
    const run = RunSummary.parse((await ask('POST', '/api/admin/runs', { task: 'rain' })).json());
    const training = { ...manifest.training, epochs: 3 };
    const more = await save({ ...first, expected: 1, manifest: { ...manifest, training } });
    expect(more.status).toBe(409);
    expect(more.json().message).toMatch(new RegExp(`^training cannot change while run ${run.run}`));
    const words = { ...manifest, title: 'Wet', aliases: { classes: { small: ['S'] } } };
    expect((await save({ ...first, expected: 1, manifest: words, card: '# Wet' })).status).toBe(200);
    expect((await view()).unfinished).toBe(run.run);
    // It goes on by its own, over a restart too.
    await coordinator.close();
    await start();
    expect(coordinator.runs.get(run.run)).toMatchObject({ state: 'running', revision: 1 });
    await ask('POST', `/api/admin/runs/${run.run}/stop`);
    expect((await save({ ...first, expected: 2, manifest: { ...words, training } })).json()).toMatchObject({
      revision: 3,
    });
    const { revisions } = TaskRevisions.parse((await ask('GET', '/api/admin/tasks/rain/revisions')).json());
    expect(revisions.at(-1)).toMatchObject({ revision: 1, runs: [run.run] });
  });

  it('with other classes no longer shows models of the ones before', async () => {
    const first = await draft();
    await save(first);
    const run = RunSummary.parse((await ask('POST', '/api/admin/runs', { task: 'rain' })).json());
    await ask('POST', `/api/admin/runs/${run.run}/stop`);
    const shown = async () => TaskView.parse((await ask('GET', '/api/tasks/rain')).json()).run?.run ?? null;
    expect(await shown()).toBe(run.run);
    await save({ ...first, expected: 1, manifest: { ...manifest, title: 'Still rain' } });
    expect(await shown()).toBe(run.run);
    await save({ ...first, expected: 2, manifest: { ...manifest, classes: ['large', 'small'] } });
    expect(await shown()).toBeNull();
    expect((await ask('GET', `/api/runs/${run.run}`)).status).toBe(200);
  });
});

describe('a task that is there', () => {
  it('is copied to one of one’s own, a folder’s as well, which goes on by itself', async () => {
    const copied = await ask('POST', '/api/admin/tasks/tiny/copy', { to: 'mine', title: 'Mine' });
    expect(copied.status).toBe(201);
    expect(copied.json()).toMatchObject({
      id: 'mine',
      origin: 'own',
      revision: 1,
      sampleExamples: 12,
      heldOutExamples: 4,
    });
    const [original, copy] = [await view('tiny'), await view('mine')];
    expect(copy).toMatchObject({ topology: original.topology, card: original.card, parameters: 6 });
    expect(copy.manifest).toMatchObject({ title: 'Mine', classes: original.manifest.classes });
    const again = await ask('POST', '/api/admin/tasks/mine/copy', { to: 'mine-2' });
    expect(again.json()).toMatchObject({ id: 'mine-2', title: 'Mine', sampleExamples: 12 });
    expect((await ask('POST', '/api/admin/tasks/mine/copy', { to: 'tiny' })).json().rejected).toBe('task_fixed');
  });

  it('is archived and restored, but not while a run learns by it', async () => {
    await save(await draft());
    const run = RunSummary.parse((await ask('POST', '/api/admin/runs', { task: 'rain' })).json());
    expect((await ask('POST', '/api/admin/tasks/rain/archive')).json().rejected).toBe('task_running');
    await ask('POST', `/api/admin/runs/${run.run}/stop`);
    expect((await ask('POST', '/api/admin/tasks/rain/archive')).json()).toMatchObject({ archived: true });
    await coordinator.close();
    await start();
    const offered = async () =>
      TaskList.parse((await ask('GET', '/api/tasks')).json()).tasks.some(({ id }) => id === 'rain');
    expect(await offered()).toBe(false);
    expect((await ask('POST', '/api/admin/runs', { task: 'rain' })).json().message).toMatch(/is archived/);
    expect((await save(await draft({ expected: 1 }))).json().rejected).toBe('task_archived');
    expect((await ask('POST', '/api/admin/tasks/rain/restore')).json()).toMatchObject({ archived: false });
    expect(await offered()).toBe(true);
  });

  it('is exported as the same bytes each time, as it is and as it was', async () => {
    const first = await draft({ sample: await upload(examples(9)) });
    await save(first);
    await save({ ...first, expected: 1, card: '# Other' });
    const exported = async (query = '') => (await ask('GET', `/api/admin/tasks/rain/export${query}`)).bytes;
    const now = await exported();
    expect(await exported('?revision=2')).toEqual(now);
    const [was, is] = [unpackTask(await exported('?revision=1')), unpackTask(now)];
    if (isRejection(was) || isRejection(is)) throw new Error('not an archive');
    expect([was.card, is.card]).toEqual(['# Rain', '# Other']);
    expect(digest(is.heldOut)).toBe(first.heldOut);
    expect(digest(is.sample!)).toBe(first.sample);
    expect(digest(is.model)).toBe(first.model);
    expect(is.manifest).toEqual((await view()).manifest);
  });
});

it('only an admin makes tasks, and what they did is in the audit log without the task’s every word', async () => {
  const task = await draft();
  await save(task);
  const { entries } = (await ask('GET', '/api/admin/audit')).json() as {
    entries: { action: string; detail: object }[];
  };
  const begun = entries.find(({ action }) => action === 'save task: begun')!;
  expect(begun.detail).toMatchObject({ task: 'rain', expected: null, title: 'Rain', heldOut: task.heldOut });
  expect(begun.detail).not.toHaveProperty('manifest');
  cookie = '';
  for (const [method, path, body] of [
    ['PUT', '/api/admin/tasks/rain', task],
    ['GET', '/api/admin/tasks/rain/export', undefined],
    ['PUT', `/api/admin/files/${task.model}?from=0&size=1`, Uint8Array.of(1)],
  ] as const)
    expect((await ask(method, path, body)).status, path).toBe(401);
});
