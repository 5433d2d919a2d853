import { join } from 'node:path';
import { ModelDetail, ModelEvaluation, ModelLineage, ModelPage } from '@sotto/protocol/admin/models';
import type { PublishedRound } from '@sotto/protocol/run';
import { TaskView } from '@sotto/protocol/views';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { createAdmin } from './crash/admin.ts';
import type { Device } from './crash/device.ts';
import { newFolder } from './hall.ts';
import { connectDevices, playRound } from './live.ts';
import { makeTasks } from './task-folder.ts';

let coordinator: Coordinator;
let devices: Device[];
let published: PublishedRound;
let run: string;
const admin = createAdmin(() => ({ url: coordinator.localUrl, adminToken: coordinator.adminToken }) as never);
const MODELS = '/api/admin/tasks/tiny/models';

beforeAll(async () => {
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    { tasksDirs: [makeTasks()], checkAnswers: true },
  );
  devices = await connectDevices(coordinator.localUrl, 3);
  const summary = await playRound(coordinator.runs);
  run = summary.run;
  published = summary.rounds[0] as PublishedRound;
}, 60_000);
afterAll(async () => {
  for (const device of devices) await device.participant().leave();
  await coordinator.close();
});

async function refusal(method: string, path: string, body?: unknown): Promise<string> {
  return admin.ask(method, path, body).then(
    () => 'taken',
    (error: Error) => error.message,
  );
}

it('the versions of a model are listed with where each is from', async () => {
  const { pinned, total, versions } = ModelPage.parse(await admin.ask('GET', MODELS));
  expect([pinned, total]).toEqual([null, 2]);
  expect(versions.map(({ round, transcript }) => [round, transcript])).toEqual([
    [1, published.transcript],
    [0, null],
  ]);
  expect(await refusal('GET', `${MODELS}?after=${'0'.repeat(64)}`)).toContain('unknown_model');
  expect(await refusal('GET', '/api/admin/tasks/none/models')).toContain('unknown_task');
});

it('one version is told of with its plan and the model before', async () => {
  const at = `${MODELS}/${published.model}`;
  const detail = ModelDetail.parse(await admin.ask('GET', at));
  expect(detail).toMatchObject({ pinned: false, parameters: 6, fits: true, begun: [], evaluation: null });
  const { steps, before } = ModelLineage.parse(await admin.ask('GET', `${at}/lineage?most=1`));
  const start = coordinator.runs.get(run)!.initial.model;
  expect(steps).toEqual([{ ...detail.version, plans: [expect.stringMatching(/^[0-9a-f]{64}$/)] }]);
  expect(before).toBe(start);
  const plan = await fetch(new URL(`/api/plans/${steps[0]!.plans[0]}`, coordinator.localUrl));
  expect(await plan.json()).toMatchObject({ plan: { run, round: 1, model: start } });
});

it('a version is evaluated once on the held-out examples, class by class', async () => {
  const at = `${MODELS}/${published.model}`;
  const evaluation = ModelEvaluation.parse(await admin.ask('POST', `${at}/evaluation`));
  expect(evaluation).toMatchObject({ examples: 4, accuracy: published.testAccuracy });
  expect(evaluation.loss).toBeCloseTo(published.testLoss, 5);
  expect(evaluation.confusion.flat().reduce((sum, count) => sum + count)).toBe(4);
  expect(evaluation.classes.map(({ name, examples }) => [name, examples])).toEqual([
    ['small', 2],
    ['large', 2],
  ]);
  expect(await admin.ask('POST', `${at}/evaluation`)).toEqual(evaluation);
  expect(ModelDetail.parse(await admin.ask('GET', at)).evaluation).toEqual(evaluation);
});

it('the pinned version is what participants are offered, whatever a later run publishes', async () => {
  const view = async () => TaskView.parse(await (await fetch(new URL('/api/tasks/tiny', coordinator.localUrl))).json());
  const start = coordinator.runs.get(run)!.initial.model;
  expect(await refusal('PUT', '/api/admin/tasks/tiny/pin', { model: start })).toContain('nothing_learned');
  expect(await refusal('PUT', '/api/admin/tasks/tiny/pin', { model: '0'.repeat(64) })).toContain('unknown_model');
  await admin.ask('PUT', '/api/admin/tasks/tiny/pin', { model: published.model });
  expect((await view()).pinned).toEqual({ model: published.model, run, round: 1 });

  await admin.ask('POST', '/api/admin/runs', { task: 'tiny', rounds: 1, startFrom: published.model });
  const later = coordinator.runs.latest('tiny')!;
  expect(later.initial.from).toEqual({ run, round: 1 });
  const offered = await view();
  expect([offered.run!.run, offered.earlier!.run, offered.pinned!.run]).toEqual([later.run, run, run]);
  expect(ModelDetail.parse(await admin.ask('GET', `${MODELS}/${published.model}`))).toMatchObject({
    pinned: true,
    begun: [later.run],
  });
  await admin.ask('PUT', '/api/admin/tasks/tiny/pin', { model: null });
  expect((await view()).pinned).toBeNull();
});

it('a model card is for whoever is signed in', async () => {
  const card = await fetch(new URL(`${MODELS}/${published.model}/card`, coordinator.localUrl));
  expect(card.status).toBe(401);
});
