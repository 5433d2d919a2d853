import { RENEW_MS } from '@sotto/fl-core/committee-health';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { formatClock, formatDuration } from '../../ui/quantity.ts';

export function describePresence({ connected, presentSince, lastSeen }: DeviceEntry, now: number): string {
  if (connected) return presentSince === null ? 'connected, waits' : `here since ${formatClock(presentSince)}`;
  return lastSeen === 0 ? 'never seen' : `gone for ${describeAge(now - lastSeen)}`;
}

const HOUR_MS = 3_600_000;

function describeAge(ms: number): string {
  if (ms < 60_000) return 'a moment';
  return ms < 48 * HOUR_MS ? formatDuration(ms) : `${Math.floor(ms / (24 * HOUR_MS))} days`;
}

export function describePlatform({ about, local }: DeviceEntry): string {
  const where = local ? ['this machine'] : [];
  if (about === null) return where[0] ?? 'says nothing of itself';
  const { platform, agent, backend } = about;
  return [agent, platform, ...(backend === null ? [] : [backend]), ...where].join(', ');
}

const ROLES = { member: 'committee', device: 'contributor' } as const;

export function describeCertificate(
  { role, expiry }: DeviceEntry['certificates'][number],
  now: number,
): { text: string; tone: 'plain' | 'warn' | 'bad' } {
  const left = expiry - now;
  if (left <= 0) return { text: `${ROLES[role]}: lapsed`, tone: 'bad' };
  return { text: `${ROLES[role]}: ${describeAge(left)} left`, tone: left < RENEW_MS ? 'warn' : 'plain' };
}
