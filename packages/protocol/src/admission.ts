import { z } from 'zod';

/**
 * Who is let in to a task; the admin chooses, the coordinator's store remembers. `open`: whoever has the link. `approval`: newcomers wait
 * until an admin approves of them. `invite`: newcomers bring an invite code, an approval given in advance; without one they are turned
 * away. `certified`: devices that the study key vouches for; others wait for their certificate.
 */
export const TaskAdmission = z.enum(['open', 'approval', 'invite', 'certified']);
export type TaskAdmission = z.infer<typeof TaskAdmission>;

/** How a connected device stands in its task. It is asked for nothing, and heard in nothing, before it is `admitted`. */
export const Standing = z.enum(['admitted', 'awaits-approval', 'awaits-certificate']);
export type Standing = z.infer<typeof Standing>;

/** 128 random bits or more, base64url. It stands in the fragment of an invite link; the coordinator keeps its SHA-256 only. */
export const InviteCode = z.string().regex(/^[A-Za-z0-9_-]{22,86}$/);

/** Refusals at the door that no waiting mends: another link, another certificate or the admin's change of mind is needed. */
export const TURNED_AWAY: readonly string[] = [
  'unknown_task',
  'changed_task',
  'revoked',
  'invite_needed',
  'invite_wrong',
  'invite_expired',
  'invite_used_up',
  'certificate_forged',
  'certificate_too_long',
  'certificate_mismatch',
];
