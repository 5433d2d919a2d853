import { z } from 'zod';
import { hashJson } from './digest.ts';
import { DeviceId, deviceIdOf, PublicKey, Signature, Slug, Time } from './ids.ts';
import { type Rejection, reject } from './rejection.ts';
import { prefixed, type Signer, verifySignature } from './signature.ts';

/**
 * The study key vouches for a device: {id, key, task, role, expiry}. The study key is held by whoever runs the study and not by
 * the coordinator, which therefore cannot invent members. There is no revocation inside a round, so certificates are short-lived.
 */
export const Role = z.enum(['member', 'device']);
export type Role = z.infer<typeof Role>;

const body = { id: DeviceId, key: PublicKey, task: Slug, role: Role, expiry: Time };
export const CertificateBody = z.strictObject(body);
export type CertificateBody = z.infer<typeof CertificateBody>;
export const Certificate = z.strictObject({ ...body, signature: Signature });
export type Certificate = z.infer<typeof Certificate>;

export const MAX_CERTIFICATE_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** "sotto/v1/certificate" ‖ SHA-256(canonical JSON of the body). */
export function certificateString({ id, key, task, role, expiry }: CertificateBody): Uint8Array<ArrayBuffer> {
  return prefixed('certificate', hashJson({ id, key, task, role, expiry }));
}

/** The study vouches for the device with this Ed25519 key (hex) until `expiry`, 7 days from now at the most. */
export async function issueCertificate(
  study: Signer,
  about: { key: string; task: string; role: Role; expiry: number },
): Promise<Certificate> {
  const unsigned = { id: deviceIdOf(about.key), ...about };
  return { ...unsigned, signature: await study.sign(certificateString(unsigned)) };
}

export type CertificateRejection = Rejection<
  'certificate_forged' | 'certificate_expired' | 'certificate_too_long' | 'certificate_mismatch'
>;

/** Undefined when `certificate` binds `key` to `role` in `task` at time `now` under `studyKey`. */
export async function checkCertificate(
  certificate: Certificate,
  expected: { studyKey: string; key: string; task: string; role: Role; now: number },
): Promise<CertificateRejection | undefined> {
  const { studyKey, key, task, role, now } = expected;
  if (certificate.key !== key || certificate.id !== deviceIdOf(key))
    return reject('certificate_mismatch', 'The certificate is for another key than the one it came with.');
  if (certificate.task !== task || certificate.role !== role)
    return reject(
      'certificate_mismatch',
      `The certificate is for ${certificate.role} of ${certificate.task}, not ${role} of ${task}.`,
    );
  if (certificate.expiry <= now)
    return reject('certificate_expired', 'The certificate has expired. Ask whoever runs the study for a new one.');
  if (certificate.expiry > now + MAX_CERTIFICATE_LIFETIME_MS)
    return reject('certificate_too_long', 'The certificate would live for more than 7 days.');
  if (!(await verifySignature(studyKey, certificateString(certificate), certificate.signature)))
    return reject('certificate_forged', "The certificate is not signed by this study's key.");
  return undefined;
}
