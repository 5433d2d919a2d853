import { RENEW_MS } from '@sotto/fl-core/committee-health';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { formatClock, formatDate, formatDuration } from '../../ui/quantity.ts';

export function describePresence({ connected, presentSince, lastSeen }: DeviceEntry): string {
  if (connected) return presentSince === null ? 'connected, waits' : `here since ${formatClock(presentSince)}`;
  return lastSeen === 0 ? 'never seen' : `gone, last seen ${formatDate(lastSeen)}`;
}

export function describePlatform({ about, local }: DeviceEntry): string {
  const where = local ? ['this machine'] : [];
  if (about === null) return where[0] ?? 'says nothing of itself';
  const { platform, agent, backend } = about;
  return [agent, platform, ...(backend === null ? [] : [backend]), ...where].join(', ');
}

export const ROLES = { member: 'committee', device: 'contributor' } as const;

export function describeCertificate(
  { role, expiry }: DeviceEntry['certificates'][number],
  now: number,
): { text: string; tone: 'plain' | 'warn' | 'bad' } {
  const left = expiry - now;
  if (left <= 0) return { text: `${ROLES[role]}: lapsed`, tone: 'bad' };
  const days = Math.floor(left / (24 * 3_600_000));
  const time = days >= 2 ? `${days} days` : formatDuration(left);
  return { text: `${ROLES[role]}: ${time} left`, tone: left < RENEW_MS ? 'warn' : 'plain' };
}
