import type { Certificate } from '@sotto/protocol/certificate';
import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex, NOW } from './samples.ts';

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
      await store.keepCertificate(certificate('member', NOW + 10));
      await store.keepCertificate(certificate('member', NOW + 20));
      await store.keepCertificate(certificate('member', NOW + 15));
      await store.keepCertificate(certificate('device', NOW + 5));
      const kept = async (now: number) => (await store.certificates('numbers', now)).map(({ expiry }) => expiry - NOW);
      ensureEqual(await kept(NOW), [5, 20], 'both roles');
      ensureEqual(await kept(NOW + 5), [20], 'one expired');
      ensureEqual(await store.certificates('numbers', NOW, hex('f')), [], 'of another device');
      ensureEqual(await store.certificates('other', NOW, hex('c')), [], 'of another task');
      await store.close();
    },
  },
];
