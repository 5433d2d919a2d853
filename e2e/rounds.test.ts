import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import type { RunEnded } from '@sotto/coordinator/rounds/runs';
import { datasetSize } from '@sotto/learner/dataset';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { createNodeParticipant } from '@sotto/participant/node';
import type { Participant, ParticipantPorts } from '@sotto/participant/participant';
import { spawnSealer } from '@sotto/participant/sealing/spawn.node';
import type { DevicePage } from '@sotto/protocol/admin/devices';
import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { BUILT_PAGES, joinWithSample, launchBrowser, openTab } from './src/browser.ts';
import { recordTraffic, type Traffic, windowsFound } from './src/traffic.ts';

const EXAMPLES = 4000;
/** So many that the tab is still learning when it is closed. */
const MANY = 12_000;
const DURATIONS = { returnMs: 2000 };

let browser: Browser;
let trainer: ReturnType<typeof startTrainer>;
let sealer: ReturnType<typeof spawnSealer>;
let folder: string;
let traffic: Traffic;
let study: Signer;
let coordinator: Coordinator;
let nodes: (Participant & { close(): Promise<void> })[];
/** What must never leave: plain deltas and their levels, of the participants in this process. */
let secrets: Uint8Array[];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  trainer = startTrainer();
  sealer = spawnSealer();
});

afterAll(async () => {
  await browser.close();
  trainer.dispose();
  sealer.close();
});

beforeEach(async () => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  study = signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
  folder = mkdtempSync(join(tmpdir(), 'sotto-e2e-'));
  traffic = await recordTraffic();
  coordinator = await startCoordinator(
    readConfig({
      SOTTO_DATA_DIR: folder,
      PORT: '0',
      SOTTO_PUBLIC_URL: traffic.url,
      SOTTO_STUDY_KEY: study.publicKey,
      SOTTO_LOG: 'error',
    }),
    BUILT_PAGES,
  );
  traffic.target = Number(new URL(coordinator.localUrl).port);
  nodes = [];
  secrets = [];
  complaints.length = 0;
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const node of nodes) await node.close();
  await coordinator.close();
  await traffic.close();
  rmSync(folder, { recursive: true });
});

it('three tabs and two Node participants finish two rounds under a named committee; one tab closes after its upload, one before', async () => {
  const [staying, leavesAfter, leavesBefore] = await openTabs(5);
  await joinNodes(2, 5);
  await everyone(5);
  await certify(await keysOf([staying!]), nodes);

  const ended = collectRounds();
  const run = await startRun({ committee: 'named' });
  await closeAt('learning', leavesBefore!);
  await closeAt('sent', leavesAfter!);

  const rounds = await ended(2);
  expect(rounds.map(({ outcome }) => outcome)).toMatchObject([
    { kind: 'published', round: 1, contributors: 4 },
    { kind: 'published', round: 2, contributors: 3 },
  ]);
  await accuracyRises(run);
  await staying!.getByTestId('round-row').nth(1).waitFor();
  expect(complaints).toEqual([]);
  nothingLeaked();
});

it('three tabs and four Node participants finish two rounds under a committee drawn from seven, with two members gone', async () => {
  const [, leavesAfter, leavesBefore] = await openTabs(7);
  await joinNodes(4, 7);
  await everyone(7);

  const ended = collectRounds();
  const run = await startRun({ committee: 'drawn' });
  await closeAt('learning', leavesBefore!);
  await closeAt('sent', leavesAfter!);

  const rounds = await ended(2);
  expect(rounds.map(({ outcome }) => outcome)).toMatchObject([
    { kind: 'published', round: 1, contributors: 6 },
    { kind: 'published', round: 2, contributors: 5 },
  ]);
  await accuracyRises(run);
  for (const node of nodes) {
    await expect.poll(() => node.state().receipts.length).toBe(2);
    for (const receipt of node.state().receipts) expect(receipt).toMatchObject({ included: true, problems: [] });
  }
  expect(complaints).toEqual([]);
  nothingLeaked();
});

/** Closes the tab, and the device with it, once it has come to this phase. */
async function closeAt(phase: 'learning' | 'sent', tab: Page): Promise<void> {
  await tab.locator(`main[data-phase="${phase}"]`).waitFor();
  await tab.context().close();
}

/** Three tabs with parts 1 … 3 of `shards`; the third has so much to learn that it is easily closed in the middle. */
async function openTabs(shards: number): Promise<Page[]> {
  const tabs = await Promise.all(
    [EXAMPLES, EXAMPLES, MANY].map((limit, i) =>
      openTab(browser, `${traffic.url}/t/mnist?shard=${i + 1}/${i === 2 ? 4 : shards}&limit=${limit}`, complaints),
    ),
  );
  await Promise.all(tabs.map(joinWithSample));
  return tabs;
}

/** Node participants with the last parts; what they learn is kept here, to look for it in the traffic. */
async function joinNodes(count: number, shards: number): Promise<void> {
  const watched: ParticipantPorts['trainer'] = {
    cancel() {},
    async train(request, onProgress) {
      const result = await trainer.train(request, onProgress);
      secrets.push(new Uint8Array(result.delta.slice().buffer));
      return result;
    },
  };
  for (let i = 0; i < count; i++) {
    const response = await fetch(
      `${coordinator.localUrl}/api/tasks/mnist/sample?index=${shards - 1 - i}&count=${shards}&limit=${EXAMPLES}`,
    );
    const data = decodeDataset(new Uint8Array(await response.arrayBuffer()), 10);
    if (isRejection(data)) throw new Error(data.message);
    expect(datasetSize(data)).toBe(EXAMPLES);
    const node = await createNodeParticipant({
      url: traffic.url,
      task: 'mnist',
      pins: OPEN_PINS,
      data,
      trainer: watched,
      sealer,
      witness: (_plan, levels) => {
        secrets.push(new Uint8Array(levels.slice().buffer), new Uint8Array(Float64Array.from(levels).buffer));
      },
    });
    nodes.push(node);
    await node.join();
  }
}

function everyone(count: number): Promise<void> {
  return expect.poll(() => coordinator.runs.status('mnist')?.present, { timeout: 60_000 }).toBe(count);
}

/** The owner of the study signs for the members: those tabs, and every Node participant. */
async function certify(tabs: string[], members: readonly Participant[]): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: traffic.url };
  const token = JSON.stringify({ token: coordinator.adminToken });
  const session = await fetch(`${coordinator.localUrl}/api/admin/session`, { method: 'POST', headers, body: token });
  const cookie = session.headers.getSetCookie()[0]!.split(';')[0]!;
  const view = (await (
    await fetch(`${coordinator.localUrl}/api/admin/tasks/mnist/devices`, { headers: { cookie } })
  ).json()) as DevicePage;
  const ids = [...tabs, ...members.map((member) => member.state().device!)];
  const keys = view.devices.flatMap(({ device, key }) => (key !== null && ids.includes(device) ? key : []));
  expect(keys).toHaveLength(ids.length);
  for (const key of keys) {
    const certificate = await issueCertificate(study, {
      key,
      task: 'mnist',
      role: 'member',
      expiry: Date.now() + 24 * 3600_000,
    });
    const body = JSON.stringify(certificate);
    const answer = await fetch(`${coordinator.localUrl}/api/admin/certificates`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body,
    });
    expect(answer.ok, await answer.text()).toBe(true);
  }
}

async function keysOf(tabs: Page[]): Promise<string[]> {
  return Promise.all(tabs.map(async (tab) => (await tab.locator('main').getAttribute('data-device'))!));
}

function collectRounds(): (count: number) => Promise<RunEnded[]> {
  const rounds: RunEnded[] = [];
  coordinator.onRound((ended) => rounds.push(ended));
  return async (count) => {
    await expect.poll(() => rounds.length, { timeout: 240_000 }).toBeGreaterThanOrEqual(count);
    return rounds;
  };
}

async function startRun(request: { committee: 'named' | 'drawn' }): Promise<RunSummary> {
  const run = await coordinator.runs.create({
    task: 'mnist',
    rounds: 2,
    seed: 1,
    cohort: { least: 3 },
    // Which of them is slow here says nothing.
    overSelection: 1,
    durations: DURATIONS,
    ...request,
  });
  if (isRejection(run)) throw new Error(run.message);
  return run;
}

/** From one round to the next so few examples may also lose a little; what nobody loses is the way from guessing to reading. */
async function accuracyRises({ run }: RunSummary): Promise<void> {
  await expect.poll(() => coordinator.runs.get(run)?.state).toBe('finished');
  const { initial, rounds } = coordinator.runs.get(run)!;
  const accuracies = rounds.map((round) => (round.kind === 'published' ? round.testAccuracy : 0));
  expect(accuracies[0]).toBeGreaterThan(initial.testAccuracy + 0.3);
  expect(accuracies[1]).toBeGreaterThan(initial.testAccuracy + 0.5);
}

/** Searches everything that was sent for the plain deltas and levels, as float32, int32 and float64. */
function nothingLeaked(): void {
  const sent = traffic.sent();
  const total = sent.reduce((bytes, { length }) => bytes + length, 0);
  expect(total).toBeGreaterThan(6 * 300_000);
  expect(secrets.length).toBeGreaterThanOrEqual(6);
  let tried = 0;
  for (const secret of secrets) {
    const result = windowsFound(sent, secret, 16, 60);
    tried += result.tried;
    expect(result.found).toBe(0);
  }
  expect(tried).toBeGreaterThan(200);
}
