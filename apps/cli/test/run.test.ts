import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { RunList, RunPreview } from '@sotto/protocol/admin/runs';
import { RunSummary } from '@sotto/protocol/run';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Admin, logIn, openAdmin } from '../src/admin-session.ts';
import { comparisonLines, newsLines, roundLine, runLines } from '../src/run-lines.ts';
import { requestOf } from '../src/run-request.ts';
import { checkRun, showRun, startRun, steerRun, type Watched, watchRun } from '../src/runs.ts';
import { sotto, temporaryFolder } from './command.ts';

const TASK = 'breast-cancer';
const folder = temporaryFolder();
let coordinator: Coordinator;
let admin: Admin;

beforeAll(async () => {
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(folder.path, 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    { pages: folder.path },
  );
  vi.stubEnv('XDG_CONFIG_HOME', join(folder.path, 'config'));
  await logIn(coordinator.localUrl, coordinator.adminToken);
  admin = openAdmin();
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await coordinator.close();
  folder[Symbol.dispose]();
});

it('a run is asked for setting by setting, by the names that it is shown with, and cloned with some of them changed', () => {
  const settings = ['rounds=3', 'cohort.least=5', 'rotation=true', 'dp.epsilon=0.5', 'lanes=auto'];
  expect(requestOf(TASK, settings)).toEqual({
    task: TASK,
    rounds: 3,
    cohort: { least: 5 },
    rotation: true,
    dp: { epsilon: 0.5 },
    lanes: 'auto',
  });
  const base = {
    task: TASK,
    strategy: { name: 'FedAdam', eta: 0.1 },
    cohort: { least: 3, most: 9 },
    dp: { epsilon: 1 },
  };
  expect(requestOf(TASK, ['strategy.name=FedAvg', 'cohort.least=4', 'dp=null'], base)).toEqual({
    task: TASK,
    strategy: { name: 'FedAvg' },
    cohort: { least: 4, most: 9 },
    dp: null,
  });
  expect(requestOf(TASK, ['strategy.eta=0.2'], base)).toMatchObject({ strategy: { name: 'FedAdam', eta: 0.2 } });
  expect(() => requestOf(TASK, ['rounds'])).toThrow('“rounds” is no setting');
});

it('what is wrong is said setting by setting, and what it would cost before it is started', async () => {
  await expect(checkRun(admin, requestOf(TASK, ['rounds=0', 'fractionFit=2']))).rejects.toThrow(
    /rounds: must be at least 1, not 0\n.*fractionFit: must be at most 1, not 2/,
  );
  const { stdout } = await sotto(['run', 'start', TASK, 'dp.noiseMultiplier=1', '--check']);
  expect(stdout).toMatch(/each device sends +\d+\.\d kB a round/);
  expect(stdout).toMatch(/privacy +ε = \d/);
  const json = await sotto(['run', 'start', TASK, '--check', '--json']);
  expect(RunPreview.parse(JSON.parse(json.stdout)).isBusy).toBe(false);
  expect(coordinator.runs.list()).toEqual([]);
}, 60_000);

it('runs are started, steered, listed, shown, cloned and compared', async () => {
  const { stdout: named } = await sotto([
    'run',
    'start',
    TASK,
    'rounds=3',
    'strategy.name=FedAdam',
    'strategy.eta=0.05',
  ]);
  const first = named.trim();
  expect(coordinator.runs.get(first)?.config).toMatchObject({ rounds: 3, strategy: { name: 'FedAdam', eta: 0.05 } });
  expect((await sotto(['run', 'pause', first])).stdout).toBe(`${first} is paused.\n`);
  const resumed = await sotto(['run', 'resume', first, '--json']);
  expect(RunSummary.parse(JSON.parse(resumed.stdout)).state).toBe('running');
  expect((await sotto(['run', 'stop', first])).stdout).toBe(`${first} is stopped.\n`);
  expect((await sotto(['run', 'stop', first])).stderr).toContain(`Run ${first} is already stopped.`);
  const second = await startRun(admin, requestOf(TASK, ['rounds=4'], (await showRun(admin, first)).run.config));
  expect(second.config).toMatchObject({ rounds: 4, strategy: { name: 'FedAdam' } });
  await steerRun(admin, second.run, 'stop');

  const { stdout } = await sotto(['run', 'list', TASK]);
  expect(stdout.split('\n')[1]).toContain(second.run);
  const listed = await sotto(['run', 'list', '--json']);
  expect(RunList.shape.runs.parse(JSON.parse(listed.stdout)).map(({ run }) => run)).toEqual([second.run, first]);
  const shown = await showRun(admin, first);
  expect(runLines(shown)).toContain('  strategy.eta=0.05\n');
  const compared = comparisonLines([shown, await showRun(admin, second.run)]);
  expect(compared).toMatch(/ rounds +3 +4/);
  expect(compared).not.toContain('strategy.eta');
}, 60_000);

it('a run is watched until it is over, and that is said once', async () => {
  const { run } = await startRun(admin, requestOf(TASK, []));
  let looks = 0;
  const told: string[] = [];
  let before: Watched | null = null;
  for await (const watched of watchRun(admin, run, async () => {
    looks += 1;
    if (looks === 2) await steerRun(admin, run, 'stop');
  })) {
    told.push(...newsLines(before, watched));
    before = watched;
  }
  expect(told).toEqual(['waiting: 0 of 3 devices are here', `${run} is stopped. Stopped by the admin.`]);
});

it('a round that came to nothing is told with what can be done', () => {
  const times = { startedAt: 0, endedAt: 12_000 };
  expect(roundLine({ kind: 'abandoned', round: 2, reason: 'too_few_votes', ...times })).toMatch(
    /^round 2: given up after 12\.0 s\. Too few members agreed .* durations\.voteMs/,
  );
});
