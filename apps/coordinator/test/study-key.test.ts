import { CommitteeView, DevicePage } from '@sotto/protocol/admin/devices';
import { StudyKeyView } from '@sotto/protocol/admin/study';
import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { afterEach, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { createAdmin } from './crash/admin.ts';
import { newFolder, until } from './hall.ts';
import { connectDevices } from './live.ts';
import { makeTasks } from './task-folder.ts';

const KEY = '/api/admin/study-key';
let coordinator: Coordinator | undefined;
afterEach(() => coordinator?.close());

async function start(folder: string, settings: Record<string, string> = {}) {
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: folder, PORT: '0', SOTTO_LOG: 'silent', ...settings }),
    { tasksDirs: [makeTasks()], checkAnswers: true },
  );
  const { localUrl: url, adminToken } = coordinator;
  return createAdmin(() => ({ url, adminToken, pid: process.pid }));
}

async function newStudy(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

const certify = (study: Signer, key: string) =>
  issueCertificate(study, { key, task: 'tiny', role: 'member', expiry: Date.now() + 86_400_000 });

it('takes the study key while it runs, remembers it, and replaces none that whoever asks has not seen', async () => {
  const folder = newFolder();
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
  let admin = await start(folder);
  expect(await admin.ask('GET', KEY)).toEqual({ key: null, since: null, fixed: false, earlier: [] });
  await admin.ask('PUT', KEY, { key: one, replaces: null });
  await expect(admin.ask('PUT', KEY, { key: other, replaces: null })).rejects.toThrow(/409.*study_key_changed/);
  await admin.ask('PUT', KEY, { key: other, replaces: one });
  await coordinator!.close();
  admin = await start(folder);
  const view = StudyKeyView.parse(await admin.ask('GET', KEY));
  expect(view).toMatchObject({ key: other, fixed: false, earlier: [{ key: one }] });
  await admin.ask('PUT', KEY, { key: null, replaces: other });
  expect(await admin.ask('GET', KEY)).toMatchObject({
    key: null,
    since: null,
    earlier: [{ key: other }, { key: one }],
  });
});

it('cannot be changed where the settings fix it', async () => {
  const key = 'ab'.repeat(32);
  const admin = await start(newFolder(), { SOTTO_STUDY_KEY: key });
  expect(await admin.ask('GET', KEY)).toEqual({ key, since: null, fixed: true, earlier: [] });
  await expect(admin.ask('PUT', KEY, { key: null, replaces: key })).rejects.toThrow(/409.*SOTTO_STUDY_KEY/);
});

it('makes members of those it certified only, and of nobody whom the key before it certified', async () => {
  const admin = await start(newFolder());
  const [first, second] = [await newStudy(), await newStudy()];
  const devices = await connectDevices(coordinator!.url, 2);
  const keys = devices.map((device) => device.participant().key);
  const committee = async () => CommitteeView.parse(await admin.ask('GET', '/api/admin/tasks/tiny/committee')).members;
  await admin.ask('PUT', KEY, { key: first.publicKey, replaces: null });
  for (const key of keys) await admin.ask('POST', '/api/admin/certificates', await certify(first, key));
  expect((await committee()).map(({ device }) => device).sort()).toEqual(keys.map(deviceIdOf).sort());
  await admin.ask('PUT', KEY, { key: second.publicKey, replaces: first.publicKey });
  expect(await committee()).toEqual([]);
  await expect(admin.ask('POST', '/api/admin/certificates', await certify(first, keys[0]!))).rejects.toThrow(/forged/);
  // It lives less long than the one it takes the place of.
  const shorter = { key: keys[0]!, task: 'tiny', role: 'member', expiry: Date.now() + 3_600_000 } as const;
  await admin.ask('POST', '/api/admin/certificates', await issueCertificate(second, shorter));
  expect(await committee()).toMatchObject([{ key: keys[0], connected: true, certificates: [{ role: 'member' }] }]);

  await admin.ask('PUT', `/api/admin/devices/${deviceIdOf(keys[1]!)}`, { name: ' Ward 3 ', owner: 'Ada' });
  const page = DevicePage.parse(await admin.ask('GET', '/api/admin/tasks/tiny/devices?search=ada&show=connected'));
  expect(page).toMatchObject({ total: 1, devices: [{ key: keys[1], name: 'Ward 3', owner: 'Ada' }] });
  const networks = new Set((await committee()).map(({ network }) => network));
  expect(networks).toEqual(new Set([page.devices[0]!.network]));
  await admin.ask('PUT', '/api/admin/tasks/tiny/admission', { admission: 'certified' });
  const standings = () => devices.map((device) => device.participant().state().standing);
  await until('who has no certificate waits', () => standings().join() === 'admitted,awaits-certificate');
  await admin.ask('PUT', KEY, { key: first.publicKey, replaces: second.publicKey });
  // What the first key certified, and no other took the place of, holds again.
  await until('the key is what counts', () => standings().join() === 'awaits-certificate,admitted');
  for (const device of devices) await device.participant().leave();
});
