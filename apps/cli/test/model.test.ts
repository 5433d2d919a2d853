import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { sha256Hex } from '@sotto/protocol/digest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Admin, logIn, openAdmin } from '../src/admin-session.ts';
import {
  cardOf,
  compareVersions,
  comparisonTable,
  evaluate,
  pin,
  rollBack,
  saveVersion,
  showVersion,
  versionLines,
} from '../src/model-commands.ts';
import { findVersion } from '../src/models.ts';
import { sotto, temporaryFolder } from './command.ts';

const TASK = 'breast-cancer';
const folder = temporaryFolder();
let coordinator: Coordinator;
let admin: Admin;
let run: string;
let model: string;

beforeAll(async () => {
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(folder.path, 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    { pages: folder.path },
  );
  vi.stubEnv('XDG_CONFIG_HOME', join(folder.path, 'config'));
  await logIn(coordinator.localUrl, coordinator.adminToken);
  admin = openAdmin();
  const begun = await coordinator.runs.create({ task: TASK, seed: 1 });
  if ('rejected' in begun) throw new Error(begun.message);
  ({ run } = begun);
  ({ model } = begun.initial);
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await coordinator.close();
  folder[Symbol.dispose]();
});

it('versions are listed, for people and for programs', async () => {
  const { stdout } = await sotto(['model', 'list', TASK]);
  expect(stdout).toMatch(new RegExp(`^ *model +run +round.*\\n${model.slice(0, 12)} +${run} +0 `));
  const json = await sotto(['model', 'list', TASK, '--best', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ pinned: null, versions: [{ model, run, round: 0 }] });
}, 60_000);

it('a version is meant by how its hash begins, by run and round, or as the latest or best', async () => {
  for (const meant of [model.slice(0, 8), `${run}:0`, 'latest', 'best'])
    expect(await findVersion(admin, TASK, meant)).toMatchObject({ model });
  await expect(findVersion(admin, TASK, 'ffff')).rejects.toThrow(`“sotto model list ${TASK}” lists them`);
  await expect(findVersion(admin, TASK, 'pinned')).rejects.toThrow(`No version of ${TASK} is pinned`);
  await expect(findVersion(admin, 'mnist', 'latest')).rejects.toThrow('sotto run start mnist');
  expect(versionLines(await showVersion(admin, TASK, 'latest', 20))).toContain(`model     ${model}\n`);
});

it('none is pinned that nobody contributed to, and none without saying which', async () => {
  await expect(pin(admin, TASK, 'latest')).rejects.toThrow('Nobody contributed to this version');
  expect((await sotto(['model', 'pin', TASK])).stderr).toContain('Name a version, or say --none.');
}, 60_000);

it('a version is saved in each format, and described', async () => {
  for (const format of ['tfjs', 'safetensors', 'npz'] as const) {
    const saved = await saveVersion(admin, TASK, 'latest', { format, out: join(folder.path, format) });
    const bytes = readFileSync(saved.file);
    expect(bytes.length).toBe(saved.bytes);
    if (format === 'safetensors') expect(sha256Hex(bytes)).toBe(model);
    else expect(bytes.subarray(0, 2).toString()).toBe('PK');
  }
  expect(await cardOf(admin, TASK, 'latest')).toContain(`| Model (SHA-256 of the file) | \`${model}\` |`);
});

it('versions are evaluated, and compared class by class', async () => {
  expect((await compareVersions(admin, TASK, ['latest']))[0]!.evaluation).toBeNull();
  const { classes } = await evaluate(admin, TASK, 'latest');
  expect(classes.map(({ name }) => name)).toEqual(['benign', 'malignant']);
  expect(comparisonTable(await compareVersions(admin, TASK, ['latest', `${run}:0`]))).toContain('recall malignant');
});

it('a run is started that goes on from a version, once none is under way', async () => {
  await expect(rollBack(admin, TASK, model)).rejects.toThrow('Stop it first.');
  await coordinator.runs.stop(run);
  expect(await rollBack(admin, TASK, model, 2)).toMatchObject({
    config: { startFrom: model, rounds: 2 },
    initial: { model, from: { run, round: 0 } },
  });
});
