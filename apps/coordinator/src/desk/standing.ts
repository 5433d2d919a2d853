import type { Standing } from '@sotto/protocol/admission';
import { type Certificate, checkCertificate } from '@sotto/protocol/certificate';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { inviteDigest } from '../admission/invite-code.ts';
import type { Clock } from '../clock.ts';
import type { Redemption } from '../store/admissions.ts';
import type { Store } from '../store/store.ts';
import type { Sessions } from './sessions.ts';

/** Beyond these the longest waiting that are not connected are forgotten; they come back with their next connection. */
const MOST_WAITING = 1000;

export interface StandingPorts {
  readonly store: Pick<Store, 'admissionOf' | 'verdictOn' | 'wait' | 'redeem' | 'certificates' | 'keepCertificate'>;
  readonly sessions: Pick<Sessions, 'has'>;
  readonly studyKey: () => string | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly examplesOf: (task: string) => string | null;
}

/** A device that proved its key and wants in. */
export interface Applicant {
  readonly task: string;
  readonly device: string;
  readonly key: string;
  readonly invite?: string | undefined;
  readonly examples?: string | undefined;
}

export interface Found {
  readonly standing: Standing;
  /** Those the study key vouches for it with, as long as they hold. */
  readonly certificates: readonly Certificate[];
}

export const SHUT_OUT = reject(
  'revoked',
  'Whoever runs this study has shut this device out. Ask them if that is a mistake.',
);
const CODES: Readonly<Record<Redemption, Rejection | undefined>> = {
  'let-in': undefined,
  'shut-out': SHUT_OUT,
  unknown: reject('invite_wrong', 'The invite code of this link is not known here. Ask for a new link.'),
  expired: reject('invite_expired', 'The invite code of this link has expired. Ask for a new link.'),
  'used-up': reject('invite_used_up', 'The invite code of this link is used up. Ask for a new link.'),
};

/**
 * Who is let in (docs/PROTOCOL.md, “Admission”). A revocation is above everything; then a certificate of the study key admits everywhere,
 * and an open task everybody. Elsewhere what counts is an admin's approval, by hand or in advance as an invite code.
 */
export function createStandings({ store, sessions, studyKey: studyKeyNow, clock, examplesOf }: StandingPorts) {
  async function certificatesOf({ task, device, key }: Applicant): Promise<Certificate[]> {
    const studyKey = studyKeyNow();
    if (studyKey === null) return [];
    const now = clock.now();
    const valid: Certificate[] = [];
    for (const certificate of await store.certificates(task, studyKey, now, device)) {
      const { role } = certificate;
      // One that was kept may be of an earlier study key.
      if (!(await checkCertificate(certificate, { studyKey, key, task, role, now }))) valid.push(certificate);
    }
    return valid;
  }

  return {
    /** Keeps what a device brought along. */
    async keep({ task, key }: Applicant, brought: readonly Certificate[]): Promise<Rejection | undefined> {
      const studyKey = studyKeyNow();
      if (studyKey === null) return undefined;
      for (const certificate of brought) {
        const { role } = certificate;
        const refused = await checkCertificate(certificate, { studyKey, key, task, role, now: clock.now() });
        // One that ran out is as good as none; one that was never right is a reason to speak up.
        if (refused?.rejected === 'certificate_expired') continue;
        if (refused) return refused;
        await store.keepCertificate(certificate, studyKey);
      }
      return undefined;
    },

    async find(applicant: Applicant): Promise<Found | Rejection> {
      const refused = whyNotOfTask(applicant);
      if (refused) return refused;
      const certificates = await certificatesOf(applicant);
      const standing = await stand(applicant, certificates.length > 0);
      return isRejection(standing) ? standing : { standing, certificates };
    },
  };

  function whyNotOfTask({ task, examples }: Applicant): Rejection | undefined {
    const expected = examplesOf(task);
    if (expected === null) return reject('unknown_task', `There is no task ${task} here now. Check the link.`);
    if (examples === undefined || examples === expected) return undefined;
    return reject(
      'changed_task',
      'The task has changed since your examples were read. Load it again, and choose your examples anew.',
    );
  }

  async function stand(
    { invite, examples: _, ...newcomer }: Applicant,
    certified: boolean,
  ): Promise<Standing | Rejection> {
    const { task, device } = newcomer;
    const verdict = await store.verdictOn(task, device);
    if (verdict === 'revoked') return SHUT_OUT;
    const admission = (await store.admissionOf(task)) ?? 'open';
    if (certified || admission === 'open') return 'admitted';
    const at = clock.now();
    if (admission === 'certified') {
      // So that whoever holds the study key learns of it.
      await note(newcomer);
      return 'awaits-certificate';
    }
    if (verdict === 'admitted') return 'admitted';
    if (invite !== undefined) return CODES[await store.redeem(inviteDigest(invite), { ...newcomer, at })] ?? 'admitted';
    if (admission === 'invite')
      return reject(
        'invite_needed',
        'Only invited devices take part here. Ask whoever runs the study for an invite link.',
      );
    await note(newcomer);
    return 'awaits-approval';
  }

  /** Whoever is here stays on the list, however many keys a stranger makes up. */
  function note({ task, device, key }: Applicant): Promise<void> {
    const stays = (other: string) => other === device || sessions.has(task, other);
    return store.wait({ task, device, key, at: clock.now() }, MOST_WAITING, stays);
  }
}
