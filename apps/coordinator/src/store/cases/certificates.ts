import type { Certificate } from '@sotto/protocol/certificate';
import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex, NOW } from './samples.ts';

const STUDY = hex('1');

const certificate = (role: Certificate['role'], expiry: number): Certificate => ({
  id: hex('c'),
  key: hex('d'),
  task: 'numbers',
  role,
  expiry,
  signature: hex('e').repeat(2),
});

export const certificateCases: readonly Case<Store>[] = [
  {
    promise: 'keeps the certificate that lives longest, one a role, while it lives',
    async run(open) {
      const store = await open();
      await store.keepCertificate(certificate('member', NOW + 10), STUDY);
      await store.keepCertificate(certificate('member', NOW + 20), STUDY);
      await store.keepCertificate(certificate('member', NOW + 15), STUDY);
      await store.keepCertificate(certificate('device', NOW + 5), STUDY);
      const kept = async (now: number, study = STUDY) =>
        (await store.certificates('numbers', study, now)).map(({ expiry }) => expiry - NOW);
      ensureEqual(await kept(NOW), [5, 20], 'both roles');
      ensureEqual(await kept(NOW + 5), [20], 'one expired');
      ensureEqual(await store.certificates('numbers', STUDY, NOW, hex('f')), [], 'of another device');
      ensureEqual(await store.certificates('numbers', null, NOW), [], 'without a study key');
      ensureEqual(await store.certificates('other', STUDY, NOW, hex('c')), [], 'of another task');
      await store.close();
    },
  },
  {
    promise: 'lets a certificate of another study key take the place of one that lives longer',
    async run(open) {
      const store = await open();
      const other = hex('2');
      await store.keepCertificate(certificate('member', NOW + 20), STUDY);
      await store.keepCertificate(certificate('member', NOW + 10), other);
      const kept = async (study: string) =>
        (await store.certificates('numbers', study, NOW)).map(({ expiry }) => expiry - NOW);
      ensureEqual(await kept(STUDY), [], 'under the first key');
      ensureEqual(await kept(other), [10], 'under the other');
      await store.close();
    },
  },
];
