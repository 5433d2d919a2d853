import { z } from 'zod';
import { About } from '../about.ts';
import { TaskAdmission } from '../admission.ts';
import { Certificate } from '../certificate.ts';
import { DeviceId, Hash, PublicKey, Slug, Time } from '../ids.ts';
import { Verdict } from '../views.ts';

/** What people call a device, and whose it is; empty: nothing. It holds in every task. */
export const DeviceName = z.strictObject({ name: z.string().trim().max(80), owner: z.string().trim().max(80) });
export type DeviceName = z.infer<typeof DeviceName>;

/** A device in a task. Never its metrics: those are encrypted. */
export const DeviceEntry = z.strictObject({
  device: DeviceId,
  /** Null for one that was shut out before it ever came. */
  key: PublicKey.nullable(),
  ...DeviceName.shape,
  connected: z.boolean(),
  /** When this stretch of presence began; null: not here, or not let in. */
  presentSince: Time.nullable(),
  lastSeen: Time,
  /** False for a device that only serves on the committee. */
  contributes: z.boolean(),
  /** Started by the coordinator on its own machine. */
  local: z.boolean(),
  /** What was decided about it in this task; null: nothing. */
  verdict: Verdict.nullable(),
  /** SHA-256 of the invite code it came by. */
  invite: Hash.nullable(),
  /** Rounds it was asked in, contributed to, and was asked in without a word from it. */
  asked: z.number().int(),
  contributed: z.number().int(),
  failed: z.number().int(),
  about: About.nullable(),
  /** Two that are connected from one network have the same; it says nothing else, and nothing after a restart. */
  network: z.string().nullable(),
  /** Under the study key, those that ran out lately among them: whoever renews one makes sure that it was the study's. */
  certificates: z.array(Certificate),
});
export type DeviceEntry = z.infer<typeof DeviceEntry>;

/** At the most in one page. */
export const MOST_DEVICES_A_PAGE = 200;

export const DeviceFilter = z.enum(['all', 'connected', 'waiting', 'certified', 'failing', 'revoked']);
export type DeviceFilter = z.infer<typeof DeviceFilter>;
export const DeviceOrder = z.enum(['seen', 'name', 'owner', 'contributed', 'failed', 'platform']);
export type DeviceOrder = z.infer<typeof DeviceOrder>;

export const DeviceQuery = z.strictObject({
  /** In names, owners, platforms and the beginnings of ids and keys; every word of it. */
  search: z.string().max(200).default(''),
  show: DeviceFilter.default('all'),
  /** Whoever waits stands first, whatever the order. */
  order: DeviceOrder.default('seen'),
  reversed: z.enum(['true', 'false']).default('false'),
  from: z.coerce.number().int().min(0).max(1_000_000).default(0),
  most: z.coerce.number().int().min(1).max(MOST_DEVICES_A_PAGE).default(100),
});
export type DeviceQuery = z.infer<typeof DeviceQuery>;

export const DevicePage = z.strictObject({
  /** Whom the task lets in. */
  admission: TaskAdmission,
  /** By filter, whatever was searched for. */
  counts: z.record(DeviceFilter, z.number().int()),
  /** That match; `devices` are those of them from `from` on. */
  total: z.number().int(),
  from: z.number().int(),
  devices: z.array(DeviceEntry),
});
export type DevicePage = z.infer<typeof DevicePage>;

export const CommitteeView = z.strictObject({
  task: Slug,
  /** How the latest run chooses its committee; null: there is no run. */
  choice: z.enum(['drawn', 'named']).nullable(),
  /** Who holds a certificate as a member, or held one until lately. */
  members: z.array(DeviceEntry),
});
export type CommitteeView = z.infer<typeof CommitteeView>;
