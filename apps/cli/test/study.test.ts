import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Certificate, checkCertificate } from '@sotto/protocol/certificate';
import { expect, test } from 'vitest';
import { sotto, temporaryFolder } from './command.ts';

const DEVICE = 'ab'.repeat(32);

test('a study key is made once, readable by its owner only, and certifies a device', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'study.json');
  const made = await sotto(['study', 'init', '--out', file]);
  expect(made.code).toBe(0);
  const studyKey = made.stdout.trim();
  expect(studyKey).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const [again, shown, certified] = await Promise.all([
    sotto(['study', 'init', '--out', file]),
    sotto(['study', 'show', '--key', file]),
    sotto(['study', 'certify', '--key', file, '--device', DEVICE, '--task', 'mnist', '--days', '2']),
  ]);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('never overwritten');
  expect(shown.stdout.trim()).toBe(studyKey);
  const certificate = Certificate.parse(JSON.parse(certified.stdout));
  const expected = { studyKey, key: DEVICE, task: 'mnist', role: 'member', now: Date.now() } as const;
  expect(await checkCertificate(certificate, expected)).toBeUndefined();
  expect(await checkCertificate(certificate, { ...expected, task: 'other' })).toMatchObject({
    rejected: 'certificate_mismatch',
  });
});

test('what is no study key, or no device key, is refused without repeating the secret', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'study.json');
  writeFileSync(file, JSON.stringify({ version: 1, publicKey: DEVICE, privateKey: 'c2VjcmV0' }));
  const outcomes = await Promise.all([
    sotto(['study', 'show', '--key', file]),
    sotto(['study', 'show', '--key', join(folder.path, 'nowhere')]),
    sotto(['study', 'certify', '--key', file, '--device', 'zz', '--task', 'mnist']),
    sotto(['study', 'certify', '--key', file, '--device', DEVICE, '--task', 'mnist', '--url', 'http://localhost:1']),
  ]);
  for (const { code } of outcomes) expect(code).toBe(1);
  expect(outcomes[0]!.stderr).toContain('is not a study key');
  expect(outcomes[0]!.stderr).not.toContain('c2VjcmV0');
  expect(outcomes[1]!.stderr).toContain('cannot be read');
  expect(outcomes[2]!.stderr).toContain('64 hexadecimal digits');
  expect(outcomes[3]!.stderr).toContain('--url and --token go together');
});
