import { join } from 'node:path';
import { verifyEvidence } from '@sotto/participant/evidence-check';
import { openEvidence } from '@sotto/participant/evidence-file';
import { README_ENTRY } from '@sotto/protocol/evidence-file';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import type { Device } from './crash/device.ts';
import { newFolder, until } from './hall.ts';
import { connectDevices } from './live.ts';
import { startMlflow } from './metrics-out/mlflow-server.ts';
import { makeTasks } from './task-folder.ts';

let mlflow: Awaited<ReturnType<typeof startMlflow>>;
let coordinator: Coordinator;
let devices: Device[] = [];
let run: RunSummary;
let cookie = '';

beforeAll(async () => {
  mlflow = await startMlflow();
  mlflow.trouble.authorization = `Basic ${btoa('ada:pass')}`;
  const settings = {
    SOTTO_DATA_DIR: join(newFolder(), 'data'),
    PORT: '0',
    SOTTO_LOG: 'silent',
    SOTTO_MLFLOW_URL: mlflow.url.replace('//', '//ada:pass@'),
  };
  coordinator = await startCoordinator(readConfig(settings), {
    tasksDirs: [makeTasks()],
    pages: newFolder(),
    checkAnswers: true,
  });
  devices = await connectDevices(coordinator.localUrl, 3);
  const begun = await coordinator.runs.create({
    task: 'tiny',
    rounds: 2,
    strategy: { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 },
  });
  if (isRejection(begun)) throw new Error(begun.message);
  run = await until('the run is over', () => {
    const summary = coordinator.runs.get(begun.run)!;
    return summary.state === 'finished' && summary;
  });
  const signedIn = await fetch(new URL('/api/admin/session', coordinator.localUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: coordinator.url },
    body: JSON.stringify({ token: coordinator.adminToken }),
  });
  cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(async () => {
  for (const device of devices) device.die();
  await coordinator.close();
  await mlflow.close();
});

async function ask(path: string, headers: Record<string, string> = { cookie }) {
  const response = await fetch(new URL(`/api/admin/${path}`, coordinator.localUrl), { headers });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}
const textOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes);
const rejectedOf = (answer: { bytes: Uint8Array }) => (JSON.parse(textOf(answer)) as { rejected: string }).rejected;

async function checked(query: string) {
  const { status, bytes } = await ask(`runs/${run.run}/evidence${query}`);
  expect(status).toBe(200);
  const report = await verifyEvidence(bytes);
  if (isRejection(report)) throw new Error(report.message);
  return { bytes, report };
}

describe('the evidence of a run', () => {
  it('holds, is the same whenever it is asked for, and says in words what it is', async () => {
    const { bytes, report } = await checked('');
    expect(report).toMatchObject({ holds: true, problems: [] });
    expect(report.index).toMatchObject({ coordinator: coordinator.coordinatorKey, run: run.run, before: null });
    expect(report.index.rounds.map(({ round }) => round)).toEqual([1, 2]);
    expect((await checked('')).bytes).toEqual(bytes);
    const file = openEvidence(bytes);
    expect(!isRejection(file) && [...file.names]).toContain(README_ENTRY);
    expect(textOf({ bytes })).toContain('sotto verify THIS-FILE');
  });

  it('has whole what the coordinator still keeps: all models, and what the last round is computed again from', async () => {
    const { report } = await checked('?whole=true');
    expect(report).toMatchObject({ holds: true });
    const names = report.records.map(({ report: each }) => each.checks.map(({ name }) => name));
    expect(names[0]).not.toContain('model');
    expect(names[1]).toContain('model');
  });

  it('of later rounds alone brings the record that the first of them follows', async () => {
    const { report } = await checked('?from=2');
    expect(report.holds).toBe(true);
    expect(report.index.before).toBe(
      report.records[0]!.body.version === 2 && run.rounds[0]!.kind === 'published' && run.rounds[0]!.transcript,
    );
    expect(report.records[0]!.report.unchecked.join(' ')).not.toContain('the chain');
  });

  it('is for whoever is signed in, of runs and rounds that there are', async () => {
    expect(rejectedOf(await ask(`runs/${run.run}/evidence`, {}))).toBe('not_signed_in');
    expect(rejectedOf(await ask('runs/none/evidence'))).toBe('not_found');
    expect(rejectedOf(await ask(`runs/${run.run}/evidence?from=7`))).toBe('nothing_published');
    expect(rejectedOf(await ask(`runs/${run.run}/evidence?from=2&to=1`))).toBe('bad_message');
  });
});

describe('the numbers of a run', () => {
  it('can be had as CSV, lines of JSON and an event file of TensorBoard', async () => {
    const csv = textOf(await ask(`runs/${run.run}/metrics?format=csv`))
      .trim()
      .split('\r\n');
    expect(csv).toHaveLength(4);
    const lines = textOf(await ask(`runs/${run.run}/metrics?format=jsonl`))
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(['run', 'published', 'published']);
    const events = await ask(`runs/${run.run}/metrics?format=tensorboard`);
    expect(textOf(events)).toContain('brain.Event:2');
    expect(rejectedOf(await ask(`runs/${run.run}/metrics?format=xls`))).toBe('bad_message');
  });

  it('are told to MLflow, as the settings say', async () => {
    await vi.waitFor(() => expect(mlflow.runs[0]).toMatchObject({ status: 'FINISHED' }), 20_000);
    expect(mlflow.runs[0]!.tags.get('sotto.rounds')).toBe('2');
    expect(textOf(await fetchMetrics())).toMatch(/^sotto_mlflow_pending_runs 0$/m);
  });
});

async function fetchMetrics() {
  const response = await fetch(new URL('/metrics', coordinator.localUrl), { headers: { cookie } });
  return { bytes: new Uint8Array(await response.arrayBuffer()) };
}

describe('the audit log', () => {
  it('can be searched, and had whole as CSV or lines of JSON', async () => {
    const found = JSON.parse(textOf(await ask('audit?search=SIGN&most=1'))) as { entries: { action: string }[] };
    expect(found.entries.map(({ action }) => action)).toEqual(['sign in']);
    const names = JSON.parse(textOf(await ask('audit/names'))) as { actions: string[] };
    expect(names.actions).toContain('sign in');
    const csv = textOf(await ask('audit/export?format=csv&action=sign%20in'))
      .trim()
      .split('\r\n');
    expect(csv[0]).toBe('entry,at,who,action,detail');
    expect(csv.slice(1).every((line) => line.includes(',sign in'))).toBe(true);
    const lines = textOf(await ask('audit/export?format=jsonl'))
      .trim()
      .split('\n');
    expect(JSON.parse(lines[0]!)).toHaveProperty('action');
    expect(rejectedOf(await ask('audit?colour=blue'))).toBe('bad_message');
  });
});

it('names neither the password nor the token of an MLflow server anywhere', () => {
  const config = readConfig({ SOTTO_MLFLOW_URL: 'https://ada:pa55@mlflow.example.org/ml/' });
  expect(config.mlflow?.url).toBe('https://mlflow.example.org/ml');
  expect(JSON.stringify(config)).not.toContain(btoa('ada:pa55'));
  for (const settings of [
    { SOTTO_MLFLOW_URL: 'mlflow:secret-5000' },
    { SOTTO_MLFLOW_TOKEN: 'secret-token' },
    { SOTTO_MLFLOW_URL: 'http://x', SOTTO_MLFLOW_TOKEN: 'secret and more' },
  ])
    expect(() => readConfig(settings)).toThrow(/^The setting SOTTO_MLFLOW_(URL|TOKEN) cannot be used/);
});
