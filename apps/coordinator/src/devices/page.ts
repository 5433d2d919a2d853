import type { DeviceEntry, DeviceFilter, DeviceOrder, DevicePage, DeviceQuery } from '@sotto/protocol/admin/devices';

/** So often in a row of rounds asked, a device is worth a look. */
const FAILING_SHARE = 0.5;

const FILTERS: Readonly<Record<DeviceFilter, (device: DeviceEntry, now: number) => boolean>> = {
  all: () => true,
  connected: ({ connected }) => connected,
  waiting: ({ verdict }) => verdict === 'waiting',
  certified: ({ certificates }, now) => certificates.some(({ expiry }) => expiry > now),
  failing: ({ asked, failed }) => failed > 0 && failed >= asked * FAILING_SHARE,
  revoked: ({ verdict }) => verdict === 'revoked',
};

type Compare = (a: DeviceEntry, b: DeviceEntry) => number;
const words = (a: string, b: string) => (a === b ? 0 : a === '' ? 1 : b === '' ? -1 : COLLATOR.compare(a, b));
const COLLATOR = new Intl.Collator('en', { numeric: true });

const ORDERS: Readonly<Record<DeviceOrder, Compare>> = {
  seen: (a, b) => Number(b.connected) - Number(a.connected) || b.lastSeen - a.lastSeen,
  name: (a, b) => words(a.name, b.name),
  owner: (a, b) => words(a.owner, b.owner),
  contributed: (a, b) => b.contributed - a.contributed,
  failed: (a, b) => b.failed - a.failed,
  platform: (a, b) => words(platformOf(a), platformOf(b)),
};

/** Those that are looked for, in their order, a page of them. Whoever waits for somebody's decision comes first in every order. */
export function pageOf(
  devices: readonly DeviceEntry[],
  query: DeviceQuery,
  now: number,
): Omit<DevicePage, 'admission'> {
  const { show, order, reversed, from, most } = query;
  const count = (filter: DeviceFilter) => devices.filter((device) => FILTERS[filter](device, now)).length;
  const sought = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = devices.filter((device) => FILTERS[show](device, now) && matches(device, sought));
  const compare = ORDERS[order];
  const sign = reversed === 'true' ? -1 : 1;
  const waits = ({ verdict }: DeviceEntry) => Number(verdict === 'waiting');
  found.sort(
    (a, b) => waits(b) - waits(a) || sign * compare(a, b) || (a.device < b.device ? -1 : Number(a.device > b.device)),
  );
  return {
    counts: {
      all: devices.length,
      connected: count('connected'),
      waiting: count('waiting'),
      certified: count('certified'),
      failing: count('failing'),
      revoked: count('revoked'),
    },
    total: found.length,
    from,
    devices: found.slice(from, from + most),
  };
}

function matches(device: DeviceEntry, sought: readonly string[]): boolean {
  if (sought.length === 0) return true;
  const text = `${device.name} ${device.owner} ${platformOf(device)}`.toLowerCase();
  // Fingerprints are read out in groups of four; an id's groups are its own words here.
  const ids = [device.device, device.key ?? ''];
  return (
    sought.every((word) => text.includes(word) || ids.some((id) => id.startsWith(word))) || beginsWith(ids, sought)
  );
}

/** As people copy fingerprints: `1a2b 3c4d`. */
function beginsWith(ids: readonly string[], sought: readonly string[]): boolean {
  const joined = sought.join('');
  return joined.length >= 4 && ids.some((id) => id.startsWith(joined));
}

function platformOf({ about }: DeviceEntry): string {
  return about === null ? '' : `${about.platform} ${about.agent} ${about.backend ?? ''} ${about.version}`;
}
