import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { signerOf } from '@sotto/protocol/signature';
import type { Script } from '../script.ts';

const TASK = 'tiny';

/** Devices are approved of, shut out and let in again, and come by a code that is revoked behind them; then their round begins. */
export async function door(): Promise<Script> {
  const study = await newSigner();
  const code = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<void>();
  let brought: string | null = null;
  return {
    async act({ devices, until, admin }) {
      const done = (method: string, path: string, body: unknown) =>
        until(async () => {
          await admin.ask(method, path, body);
          return true;
        });
      const standingOf = (index: number) => devices[index]!.participant().state().standing;
      const decide = (index: number, verdict: 'admitted' | 'revoked') =>
        done('POST', '/api/admin/verdicts', { task: TASK, device: devices[index]!.id(), verdict });

      await done('PUT', `/api/admin/tasks/${TASK}/admission`, { admission: 'approval' });
      closed.resolve();
      for (const index of [0, 1, 2]) {
        await until(() => standingOf(index) === 'awaits-approval');
        await decide(index, 'admitted');
      }
      await until(() => standingOf(2) === 'admitted');
      await decide(2, 'revoked');
      await until(() => devices[2]!.participant().state().connection !== 'connected');
      await decide(2, 'admitted');
      await devices[2]!.participant().join();
      await done('PUT', `/api/admin/devices/${devices[0]!.id()}`, { name: 'first', owner: '' });
      await done('PUT', '/api/admin/study-key', { key: study.publicKey, replaces: null });
      const certificate = await issueCertificate(study, {
        key: devices[0]!.participant().key,
        task: TASK,
        role: 'member',
        expiry: Date.now() + 86_400_000,
      });
      await done('POST', '/api/admin/certificates', certificate);
      await done('PUT', `/api/admin/tasks/${TASK}/admission`, { admission: 'invite' });
      const made = await until(() => admin.ask('POST', '/api/admin/invites', { task: TASK }) as Promise<Made>);
      brought = made.code;
      code.resolve(made.code);
      await until(() => standingOf(3) === 'admitted');
      await done('DELETE', `/api/admin/invites/${made.invite}`, undefined);
      await until(async () => {
        await admin.signOut();
        return true;
      });
    },
    async beforeJoining(device) {
      await closed.promise;
      if (device === 3) await code.promise;
    },
    invite: (device) => (device === 3 ? brought : null),
    async examine(store) {
      const [invites, verdicts] = await Promise.all([store.invites(TASK), store.verdicts(TASK)]);
      return invites.flatMap(({ invite, used }) => {
        const came = verdicts.filter((verdict) => verdict.invite === invite).length;
        return came === used ? [] : `a code let in ${came} devices and counts ${used} uses`;
      });
    },
  };
}

interface Made {
  readonly invite: string;
  readonly code: string;
}

async function newSigner() {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', true, ['sign'])) as CryptoKeyPair;
  return signerOf(privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))));
}
