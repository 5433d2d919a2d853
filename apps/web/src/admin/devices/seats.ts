import type { Seat } from '@sotto/fl-core/committee-health';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';

/** @param expiry  of its certificate as a member; of one that has none, when it would have one */
export function seatOf({ device, owner, network, connected, lastSeen, verdict }: DeviceEntry, expiry: number): Seat {
  return { device, owner, network, connected, lastSeen, expiry, revoked: verdict === 'revoked' };
}

export function memberExpiry({ certificates }: DeviceEntry): number {
  return certificates.find(({ role }) => role === 'member')?.expiry ?? 0;
}
