import { readFileSync, statSync, writeFileSync } from 'node:fs';
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
  ]);
  for (const { code } of outcomes) expect(code).toBe(1);
  expect(outcomes[0]!.stderr).toContain('is not a study key');
  expect(outcomes[0]!.stderr).not.toContain('c2VjcmV0');
  expect(outcomes[1]!.stderr).toContain('cannot be read');
  expect(outcomes[2]!.stderr).toContain('64 hexadecimal digits');
});

test('a backup gives the same key back, to whoever knows its passphrase', async () => {
  using folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at('passphrase'), 'nine words and a fish\n');
  writeFileSync(at('short'), 'short');
  writeFileSync(at('other'), 'nine words and a bird');
  await sotto(['study', 'init', '--out', at('key')]);
  const weak = await sotto([
    'study',
    'export',
    '--key',
    at('key'),
    '--out',
    at('weak'),
    '--passphrase-file',
    at('short'),
  ]);
  expect(weak.stderr).toContain('12 characters or more');
  const words = ['--passphrase-file', at('passphrase')];
  expect((await sotto(['study', 'export', '--key', at('key'), '--out', at('backup'), ...words])).code).toBe(0);
  const { privateKey } = JSON.parse(readFileSync(at('key'), 'utf8')) as { privateKey: string };
  expect(readFileSync(at('backup'), 'utf8')).not.toContain(privateKey.slice(-43));
  const [wrong, again, none] = await Promise.all([
    sotto(['study', 'import', at('backup'), '--out', at('wrong'), '--passphrase-file', at('other')]),
    sotto(['study', 'import', at('backup'), '--out', at('again'), ...words]),
    sotto(['study', 'import', at('passphrase'), '--out', at('none'), ...words]),
  ]);
  expect(wrong.stderr).toContain('not that of this backup');
  expect(none.stderr).toContain('no backup of a study key');
  expect(again.code).toBe(0);
  expect(readFileSync(at('again'), 'utf8')).toBe(readFileSync(at('key'), 'utf8'));
  expect(statSync(at('again')).mode & 0o777).toBe(0o600);
});
