import { committeeSizes, committeeWarnings, type Seat } from '@sotto/fl-core/committee-health';
import { sayWarning } from '@sotto/fl-core/committee-words';
import {
  CommitteeView,
  type DeviceEntry,
  DevicePage,
  DeviceQuery,
  MOST_DEVICES_A_PAGE,
} from '@sotto/protocol/admin/devices';
import {
  type Certificate,
  certificateString,
  issueCertificate,
  MAX_CERTIFICATE_LIFETIME_MS,
  type Role,
} from '@sotto/protocol/certificate';
import { Done } from '@sotto/protocol/messages';
import { type Signer, verifySignature } from '@sotto/protocol/signature';
import type { Admin } from './admin-session.ts';
import { Failure } from './failure.ts';
import { formatTable } from './table.ts';

/** What the `sotto device …` commands do, and how they tell it. */

export type Looking = Partial<Pick<DeviceQuery, 'search' | 'show' | 'order' | 'reversed'>>;

/** The longest a certificate may hold is counted by whoever checks it, whose clock may be a little behind. */
const CLOCKS_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** All that match, page by page. */
export async function listDevices(admin: Admin, task: string, looking: Looking): Promise<DeviceEntry[]> {
  const found: DeviceEntry[] = [];
  for (let total = 1; found.length < total; ) {
    const page = await pageAt(admin, task, { ...looking, from: found.length, most: MOST_DEVICES_A_PAGE });
    total = page.devices.length === 0 ? 0 : page.total;
    found.push(...page.devices);
  }
  return found;
}

function pageAt(admin: Admin, task: string, query: Partial<DeviceQuery>): Promise<DevicePage> {
  const { search, show, order, reversed, from, most } = DeviceQuery.parse(query);
  const words = new URLSearchParams({ search, show, order, reversed, from: `${from}`, most: `${most}` });
  return admin.get(DevicePage, `/api/admin/tasks/${encodeURIComponent(task)}/devices?${words}`);
}

/** The devices that are meant: by how their id or key begins, or by name. @throws Failure unless each is one of the task */
export async function findDevices(admin: Admin, task: string, meant: readonly string[]): Promise<DeviceEntry[]> {
  const found: DeviceEntry[] = [];
  for (const text of meant) {
    const matches = (await listDevices(admin, task, { search: text })).filter(
      ({ device, key, name }) =>
        name === text || (text.length >= 4 && (device.startsWith(text) || key?.startsWith(text))),
    );
    const [device] = matches;
    if (!device)
      throw new Failure(`${task} knows no device ${text}. “sotto device list ${task}” shows those it knows.`);
    if (matches.length > 1)
      throw new Failure(
        `${text} may mean ${matches.length} devices: ${matches.map(({ device: id }) => id.slice(0, 16)).join(', ')}. Name more of the one that is meant.`,
      );
    found.push(device);
  }
  return found;
}

export async function decide(
  admin: Admin,
  task: string | null,
  devices: readonly DeviceEntry[],
  verdict: 'admitted' | 'revoked',
): Promise<void> {
  for (const { device } of devices) await admin.send('POST', '/api/admin/verdicts', { task, device, verdict }, Done);
}

/** What is not given stays as it is. */
export async function nameDevice(
  admin: Admin,
  { device, ...kept }: DeviceEntry,
  { name = kept.name, owner = kept.owner }: { readonly name?: string | undefined; readonly owner?: string | undefined },
): Promise<void> {
  await admin.send('PUT', `/api/admin/devices/${device}`, { name, owner }, Done);
}

export async function certify(
  admin: Admin,
  signer: Signer,
  devices: readonly { readonly key: string; readonly task: string; readonly role: Role }[],
  days: number,
): Promise<number> {
  const expiry = Date.now() + Math.min(days * DAY_MS, MAX_CERTIFICATE_LIFETIME_MS) - CLOCKS_MS;
  for (const about of devices)
    await admin.send('POST', '/api/admin/certificates', await issueCertificate(signer, { ...about, expiry }), Done);
  return expiry;
}

/** Certificates that are this key's own, and of devices that are not shut out: what may be renewed without comparing keys again. */
export async function renewable(admin: Admin, signer: Signer, task: string, role: Role): Promise<Certificate[]> {
  const devices = (await listDevices(admin, task, {})).filter(({ verdict }) => verdict !== 'revoked');
  const held = devices.flatMap(({ certificates }) => certificates.filter((certificate) => certificate.role === role));
  for (const certificate of held)
    if (!(await verifySignature(signer.publicKey, certificateString(certificate), certificate.signature)))
      throw new Failure(
        `The certificate of ${certificate.id.slice(0, 16)} was not made with this study key. Compare the device's fingerprint and certify it anew.`,
      );
  return held;
}

const groups = (hex: string, count: number) => (hex.match(/.{4}/g) ?? []).slice(0, count).join(' ');
/** As the pages show it. */
export const fingerprint = (hex: string): string => groups(hex, 6);
const time = (at: number) => (at === 0 ? 'never' : new Date(at).toISOString().slice(0, 16).replace('T', ' '));

export function deviceTable(devices: readonly DeviceEntry[], now: number): string {
  if (devices.length === 0) return 'No device is like that.';
  return formatTable(
    devices.map((device) => {
      const { name, owner, connected, lastSeen, verdict, about, asked, contributed, failed } = device;
      return {
        device: device.device.slice(0, 16),
        name: name || '-',
        owner: owner || '-',
        seen: connected ? 'now' : time(lastSeen),
        with: about ? [about.agent, about.platform, about.backend].filter(Boolean).join(', ') : '-',
        rounds: `${contributed} of ${asked}`,
        failed: String(failed),
        certified: device.certificates.map((certificate) => untilWhen(certificate, now)).join(', ') || '-',
        '': verdict ?? '',
      };
    }),
  );
}

function untilWhen({ role, expiry }: Certificate, now: number): string {
  return expiry <= now ? `${role}: lapsed` : `${role}: ${((expiry - now) / DAY_MS).toFixed(1)} days`;
}

export const committeeOf = (admin: Admin, task: string): Promise<CommitteeView> =>
  admin.get(CommitteeView, `/api/admin/tasks/${encodeURIComponent(task)}/committee`);

/** Members, how plans will have it, and what speaks against it. */
export function committeeLines({ choice, members }: CommitteeView, now: number): string {
  const drawn =
    choice === 'drawn' ? 'The latest run draws its committee: participants trust the coordinator with that.\n' : '';
  if (members.length === 0) return `${drawn}Nobody is certified as a member.`;
  const seats = members.map(seatOf);
  const { members: count, here, least, most } = committeeSizes(seats, now);
  const names = new Map(members.map(({ device, name }) => [device, name || device.slice(0, 16)]));
  const sizes =
    least && most
      ? `${count} members, ${here} connected. With all of them ${most.t} of ${most.m} open a sum, at the least ${least.t} of ${least.m}.`
      : `${count} members, ${here} connected: too few.`;
  const warnings = committeeWarnings(seats, now).map((warning) => {
    const { title, text } = sayWarning(warning, (device) => names.get(device) ?? device);
    return `! ${title}. ${text}`;
  });
  return [`${drawn}${sizes}`, ...warnings, deviceTable(members, now)].join('\n');
}

function seatOf({ device, owner, network, connected, lastSeen, verdict, certificates }: DeviceEntry): Seat {
  const expiry = certificates.find(({ role }) => role === 'member')?.expiry ?? 0;
  return { device, owner, network, connected, lastSeen, expiry, revoked: verdict === 'revoked' };
}
