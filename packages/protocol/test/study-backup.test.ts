import { expect, it } from 'vitest';
import { openStudyBackup, parseStudyBackup, sealStudyBackup } from '../src/study-backup.ts';

const KEY = { publicKey: 'ab'.repeat(32), privateKey: Uint8Array.from({ length: 48 }, (_, i) => i) };
const FOREIGN =
  '{"kind":"sotto study key","version":1,"publicKey":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","derivation":{"name":"PBKDF2","hash":"SHA-256","iterations":600000,"salt":"AAECAwQFBgcICQoLDA0ODw"},"encryption":{"name":"AES-GCM","iv":"ZGVmZ2hpamtsbW5v"},"ciphertext":"5grnMGYUIy5XQHxQEkZ3yT3-6Tks3ggIe9-Pgyw3jLYvpSOdm_7VdzBHJSPasfOBWV3X-YVFgOGIQeZzz-2PAg"}';
const PASSPHRASE = 'nine words and a ﬁsh';

it('gives the key back to whoever knows the passphrase, however it is typed, and to nobody else', async () => {
  const backup = await sealStudyBackup(KEY, PASSPHRASE);
  expect(backup.derivation.iterations).toBeGreaterThanOrEqual(600_000);
  expect(JSON.stringify(backup)).not.toContain('AAECAwQF');
  expect(await openStudyBackup(backup, PASSPHRASE)).toEqual(KEY.privateKey);
  expect(await openStudyBackup(backup, 'nine words and a fish')).toEqual(KEY.privateKey);
  expect(await openStudyBackup(backup, 'nine words and a fist')).toMatchObject({ rejected: 'wrong_passphrase' });
});

it('notices whatever was changed in the file', async () => {
  const backup = await sealStudyBackup(KEY, PASSPHRASE);
  const { derivation, encryption } = backup;
  const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
  for (const changed of [
    { ...backup, publicKey: 'cd'.repeat(32) },
    { ...backup, ciphertext: flip(backup.ciphertext) },
    { ...backup, derivation: { ...derivation, iterations: derivation.iterations + 1 } },
    { ...backup, derivation: { ...derivation, salt: flip(derivation.salt) } },
    { ...backup, encryption: { ...encryption, iv: flip(encryption.iv) } },
  ])
    expect(await openStudyBackup(changed, PASSPHRASE)).toMatchObject({ rejected: 'wrong_passphrase' });
});

it('is the same key under another salt each time', async () => {
  const [one, other] = [await sealStudyBackup(KEY, PASSPHRASE), await sealStudyBackup(KEY, PASSPHRASE)];
  expect(one.ciphertext).not.toBe(other.ciphertext);
  expect(one.derivation.salt).not.toBe(other.derivation.salt);
});

it('opens a backup that was made elsewhere, to the published format', async () => {
  // Made by Python's hashlib and cryptography.
  const backup = parseStudyBackup(FOREIGN);
  expect(backup).not.toHaveProperty('rejected');
  expect(await openStudyBackup(backup as never, 'correct horse battery')).toEqual(
    Uint8Array.from({ length: 48 }, (_, i) => 255 - i),
  );
});

it('refuses files that are something else without quoting them', async () => {
  const backup = await sealStudyBackup(KEY, PASSPHRASE);
  const weak = { ...backup, derivation: { ...backup.derivation, iterations: 1000 } };
  for (const text of [
    '',
    'secret',
    '[]',
    '{"version":1}',
    JSON.stringify(weak),
    JSON.stringify(backup) + ' '.repeat(4096),
  ])
    expect(parseStudyBackup(text)).toMatchObject({
      rejected: 'bad_backup',
      message: expect.not.stringContaining('secret'),
    });
  expect(parseStudyBackup(JSON.stringify(backup))).toEqual(backup);
});
