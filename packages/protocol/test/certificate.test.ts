import { describe, expect, it } from 'vitest';
import {
  type Certificate,
  checkCertificate,
  issueCertificate,
  MAX_CERTIFICATE_LIFETIME_MS,
} from '../src/certificate.ts';
import { deviceIdOf } from '../src/ids.ts';
import { NOW } from './plans.ts';
import { createSigner } from './signers.ts';

const study = await createSigner();
const coordinator = await createSigner();
const member = await createSigner();
const stranger = await createSigner();
const honest = await issueCertificate(study, {
  key: member.publicKey,
  task: 'digits',
  role: 'member',
  expiry: NOW + MAX_CERTIFICATE_LIFETIME_MS,
});
const expected = {
  studyKey: study.publicKey,
  key: member.publicKey,
  task: 'digits',
  role: 'member',
  now: NOW,
} as const;
const codeOf = async (certificate: Certificate, changes: Partial<Parameters<typeof checkCertificate>[1]> = {}) =>
  (await checkCertificate(certificate, { ...expected, ...changes }))?.rejected;

describe('a certificate', () => {
  it('of the pinned study key for this key, task and role is good for up to seven days', async () => {
    expect(await codeOf(honest)).toBeUndefined();
    expect(await codeOf(honest, { now: NOW + MAX_CERTIFICATE_LIFETIME_MS - 1 })).toBeUndefined();
  });

  it('is refused from the moment it expires', async () => {
    expect(await codeOf(honest, { now: NOW + MAX_CERTIFICATE_LIFETIME_MS })).toBe('certificate_expired');
    expect(await codeOf(honest, { now: NOW + 10 * MAX_CERTIFICATE_LIFETIME_MS })).toBe('certificate_expired');
  });

  it('is refused while it would still live for more than seven days', async () => {
    expect(await codeOf(honest, { now: NOW - 1 })).toBe('certificate_too_long');
  });

  it('is refused for another task', async () => {
    expect(await codeOf(honest, { task: 'letters' })).toBe('certificate_mismatch');
  });

  it('is refused for another role: a certified contributor is no member', async () => {
    expect(await codeOf(honest, { role: 'device' })).toBe('certificate_mismatch');
    const device = await issueCertificate(study, { ...expected, role: 'device', expiry: NOW + 1 });
    expect(await codeOf(device)).toBe('certificate_mismatch');
  });

  it('is refused for another key: members cannot lend it', async () => {
    expect(await codeOf(honest, { key: stranger.publicKey })).toBe('certificate_mismatch');
  });

  it('is refused when its id is not that of its key', async () => {
    expect(await codeOf({ ...honest, id: deviceIdOf(stranger.publicKey) })).toBe('certificate_mismatch');
  });

  it('is refused when the coordinator, or anyone but the study key, issued it', async () => {
    const forged = await issueCertificate(coordinator, { ...expected, expiry: NOW + 1 });
    expect(await codeOf(forged)).toBe('certificate_forged');
    expect(await codeOf(honest, { studyKey: coordinator.publicKey })).toBe('certificate_forged');
  });

  it('is refused when any field was changed after it was signed', async () => {
    expect(await codeOf({ ...honest, expiry: honest.expiry - 1 })).toBe('certificate_forged');
    expect(await codeOf({ ...honest, task: 'letters' }, { task: 'letters' })).toBe('certificate_forged');
    expect(await codeOf({ ...honest, role: 'device' }, { role: 'device' })).toBe('certificate_forged');
    expect(
      await codeOf(
        { ...honest, key: stranger.publicKey, id: deviceIdOf(stranger.publicKey) },
        { key: stranger.publicKey },
      ),
    ).toBe('certificate_forged');
    expect(await codeOf({ ...honest, signature: '00'.repeat(64) })).toBe('certificate_forged');
  });
});
