import { linkTo, type Trust } from '@sotto/protocol/admin/link';
import { AdminView } from '@sotto/protocol/admin/overview';
import { InviteCode } from '@sotto/protocol/admission';
import { AdmissionView, InviteView } from '@sotto/protocol/views';
import type { z } from 'zod';
import type { Admin } from './admin-session.ts';
import { Failure } from './failure.ts';
import { formatTable } from './table.ts';

const DAY_MS = 24 * 3_600_000;
const MadeInvite = InviteView.extend({ code: InviteCode });

/** The link to share of a task, with an invite code or without. @throws Failure when there is no such task, or nothing to trust in so */
export async function linkOf(
  admin: Admin,
  task: string,
  trust: Trust | undefined,
  code: string | null,
): Promise<string> {
  const { tasks, ...house } = await admin.get(AdminView, '/api/admin');
  if (!tasks.some(({ id }) => id === task)) throw new Failure(`${admin.url} has no task ${task}.`);
  if (house.studyKey === null && trust !== undefined && trust !== 'coordinator')
    throw new Failure(`${admin.url} knows no study key to trust in. “sotto study use” tells it of one.`);
  return linkTo({ ...house, task, code }, trust);
}

export interface InviteOptions {
  readonly label: string;
  readonly uses: number;
  /** How long it holds; null: for ever. */
  readonly days: number | null;
}

/** Makes a code. @returns it, which nobody can ask for again */
export async function makeInvite(
  admin: Admin,
  task: string,
  { days, ...rest }: InviteOptions,
): Promise<z.infer<typeof MadeInvite>> {
  const expiry = days === null ? null : Date.now() + Math.round(days * DAY_MS);
  return admin.send('POST', '/api/admin/invites', { task, expiry, ...rest }, MadeInvite);
}

export function admissionOf(admin: Admin, task: string): Promise<AdmissionView> {
  return admin.get(AdmissionView, `/api/admin/tasks/${encodeURIComponent(task)}/admission`);
}

/** Who is let in, and the invite codes by their digests. */
export function admissionLines({ admission, invites }: AdmissionView, now: number): string {
  const stateOf = ({ revoked, expiry }: InviteView) => {
    if (revoked !== null) return 'revoked';
    if (expiry === null) return 'holds';
    return expiry <= now ? 'expired' : `until ${new Date(expiry).toISOString().slice(0, 16)}`;
  };
  const rows = invites.map((invite) => ({
    invite: invite.invite.slice(0, 12),
    label: invite.label || '–',
    used: `${invite.used} of ${invite.uses}`,
    state: stateOf(invite),
  }));
  return [`admission: ${admission}`, ...(rows.length > 0 ? [formatTable(rows)] : [])].join('\n');
}

/** The whole digest of an invite code, by how it begins. @throws Failure when none begins so, or more than one */
export async function inviteBeginning(admin: Admin, task: string, start: string): Promise<string> {
  const { invites } = await admissionOf(admin, task);
  const [found, ...others] = invites.filter(({ invite }) => invite.startsWith(start));
  if (!found) throw new Failure(`${task} has no invite code whose digest begins with ${start}.`);
  if (others.length > 0)
    throw new Failure(`More than one invite code of ${task} begins with ${start}. Give more of it.`);
  return found.invite;
}
