import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { deviceIdOf } from '@sotto/protocol/ids';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Admin, logIn, openAdmin } from '../src/admin-session.ts';
import {
  certify,
  committeeLines,
  committeeOf,
  decide,
  deviceTable,
  findDevices,
  listDevices,
  nameDevice,
  renewable,
} from '../src/devices.ts';
import { createStudyKey, loadStudyKey, saveStudyKey, signerOfStudy } from '../src/study-key.ts';
import { sotto, temporaryFolder } from './command.ts';

const folder = temporaryFolder();
const data = join(folder.path, 'data');
const key = join(folder.path, 'study.json');
const TASK = 'mnist';
const KEYS = ['1', '2', '3', '4'].map((digit) => digit.repeat(64));
let coordinator: Coordinator;
let admin: Admin;

beforeAll(async () => {
  vi.stubEnv('XDG_CONFIG_HOME', join(folder.path, 'home'));
  const settings = { SOTTO_DATA_DIR: data, PORT: '0', SOTTO_LOG: 'silent' };
  coordinator = await startCoordinator(readConfig(settings), { pages: folder.path });
  await logIn(coordinator.localUrl, makeSignInToken(data, 'admin', Date.now() + 60_000));
  admin = openAdmin();
  saveStudyKey(key, createStudyKey());
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await coordinator.close();
  folder[Symbol.dispose]();
});

const ids = (devices: readonly DeviceEntry[]) => devices.map(({ device }) => device).sort();

test('a study key is given to the coordinator, certifies devices, and renews its own certificates only', async () => {
  const study = (await sotto(['study', 'show', '--key', key])).stdout.trim();
  const used = await sotto(['study', 'use', study]);
  expect(used).toMatchObject({ code: 0, stdout: `${study}\n` });
  const other = await sotto(['study', 'use', 'none']);
  expect(other.stderr).toContain('Another study key is here');

  const signer = await signerOfStudy(loadStudyKey(key));
  const members = KEYS.map((each) => ({ key: each, task: TASK, role: 'member' as const }));
  const until = await certify(admin, signer, members, 1);
  expect(ids(await listDevices(admin, TASK, { show: 'certified' }))).toEqual(KEYS.map(deviceIdOf).sort());

  const renewed = await sotto(['device', 'certify', TASK, '--renew', '--key', key]);
  expect(renewed.stderr).toContain('Renewed 4');
  const [first] = await listDevices(admin, TASK, {});
  expect(first!.certificates[0]!.expiry).toBeGreaterThan(until);
  const stranger = await signerOfStudy(createStudyKey());
  await expect(renewable(admin, stranger, TASK, 'member')).rejects.toThrow('was not made with this study key');

  const blind = await sotto(['device', 'certify', TASK, deviceIdOf(KEYS[0]!).slice(0, 8), '--key', key]);
  expect(blind).toMatchObject({ code: 1, stderr: expect.stringContaining('Compare the fingerprints') });
});

test('devices are named, found by name or how their id begins, and shut out and let in again', async () => {
  const [id] = KEYS.map(deviceIdOf);
  const [device] = await findDevices(admin, TASK, [id!.slice(0, 12)]);
  await nameDevice(admin, device!, { name: 'Ward 3' });
  await nameDevice(admin, (await findDevices(admin, TASK, ['Ward 3']))[0]!, { owner: 'Ada' });
  const [named] = await findDevices(admin, TASK, ['Ward 3']);
  expect(named).toMatchObject({ device: id, name: 'Ward 3', owner: 'Ada' });
  await expect(findDevices(admin, TASK, ['nobody'])).rejects.toThrow('sotto device list mnist');
  await decide(admin, TASK, [named!], 'revoked');
  const lines = committeeLines(await committeeOf(admin, TASK), Date.now());
  expect(lines).toContain('3 members, 0 connected. With all of them 3 of 3 open a sum');
  expect(lines).toContain('! 1 member is shut out. Ward 3.');
  await decide(admin, TASK, [named!], 'admitted');
  expect(deviceTable(await listDevices(admin, TASK, { search: 'ada' }), Date.now())).toMatch(/Ward 3 +Ada.*admitted/);
});
