import type { TaskAdmission } from '@sotto/protocol/admission';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { AdmissionView, InviteView } from '@sotto/protocol/views';
import type { Clock } from '../clock.ts';
import type { Desk } from '../desk/desk.ts';
import type { Store } from '../store/store.ts';
import { GIVE_STUDY_KEY } from '../study-key.ts';
import { drawInviteCode, inviteDigest } from './invite-code.ts';

export interface DoorPorts {
  readonly store: Pick<
    Store,
    'admissionOf' | 'setAdmission' | 'admit' | 'revoke' | 'addInvite' | 'invites' | 'revokeInvite'
  >;
  readonly desk: Pick<Desk, 'review'>;
  readonly studyKey: () => string | null;
  readonly clock: Pick<Clock, 'now'>;
}

export interface InviteRequest {
  readonly task: string;
  readonly label: string;
  /** Devices it may let in. */
  readonly uses: number;
  readonly expiry: number | null;
}

/** What the admin decides about who is let in. Each decision is on disk first, then holds for whoever is connected, at once. */
export interface Door {
  view(task: string): Promise<AdmissionView>;
  choose(task: string, admission: TaskAdmission): Promise<Rejection | undefined>;
  /** Lets a device in, also one that was shut out. */
  approve(task: string, device: string): Promise<void>;
  /** Shuts a device out of one task, or of every one (null). */
  revoke(task: string | null, device: string): Promise<void>;
  /** The code is in this answer and nowhere else. */
  invite(request: InviteRequest): Promise<InviteView & { readonly code: string }>;
  /** The code lets nobody in any more; `withDevices` shuts out those it let in, too. @returns how many these are. */
  revokeInvite(invite: string, withDevices: boolean): Promise<number | undefined>;
}

export function createDoor({ store, desk, studyKey, clock }: DoorPorts): Door {
  return {
    async view(task) {
      const invites = await store.invites(task);
      return {
        task,
        admission: (await store.admissionOf(task)) ?? 'open',
        invites: invites.map(({ task: _, ...invite }) => invite),
      };
    },
    async choose(task, admission) {
      if (admission === 'certified' && studyKey() === null)
        return reject('bad_config', `admission: certificates are checked with the study key. ${GIVE_STUDY_KEY}`);
      await store.setAdmission(task, admission);
      await desk.review(task, null);
      return undefined;
    },
    async approve(task, device) {
      await store.admit(task, device, clock.now());
      await desk.review(task, device);
    },
    async revoke(task, device) {
      await store.revoke(task, device, clock.now());
      await desk.review(task, device);
    },
    async invite(request) {
      const code = drawInviteCode();
      const invite = { ...request, invite: inviteDigest(code), made: clock.now() };
      await store.addInvite(invite);
      const { task: _, ...view } = invite;
      return { ...view, used: 0, revoked: null, code };
    },
    async revokeInvite(invite, withDevices) {
      const revoked = await store.revokeInvite(invite, clock.now());
      if (!revoked) return undefined;
      const { task, devices } = revoked;
      if (!withDevices) return 0;
      for (const device of devices) {
        await store.revoke(task, device, clock.now());
        await desk.review(task, device);
      }
      return devices.length;
    },
  };
}
