import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import type { Sessions } from '../desk/sessions.ts';
import type { Store } from '../store/store.ts';

export interface EntriesPorts {
  readonly store: Pick<Store, 'devices' | 'deviceNames' | 'verdicts' | 'certificates'>;
  readonly sessions: Pick<Sessions, 'connected' | 'find'>;
  readonly studyKey: () => string | null;
  readonly now: () => number;
  /** Devices this coordinator started on its own machine. */
  readonly localDevices: () => ReadonlySet<string>;
}

/** A certificate that ran out is shown for as long: whoever renews it must see that it is missing. */
const LAPSED_MS = 30 * 24 * 3_600_000;

/** Every device of the task that is known of: that was let in, waits, was shut out, or holds a certificate. */
export async function deviceEntries(ports: EntriesPorts, task: string): Promise<DeviceEntry[]> {
  const { store, sessions } = ports;
  const [recorded, names, verdicts, certificates] = await Promise.all([
    store.devices(task),
    store.deviceNames(),
    store.verdicts(task),
    store.certificates(task, ports.studyKey(), ports.now() - LAPSED_MS),
  ]);
  const local = ports.localDevices();
  const recordOf = new Map(recorded.map((record) => [record.device, record]));
  const verdictOf = new Map(verdicts.map((verdict) => [verdict.device, verdict]));
  const liveOf = new Map(sessions.connected(task).map((live) => [live.device, live]));
  const certificatesOf = Map.groupBy(certificates, ({ id }) => id);
  const all = new Set([...recordOf.keys(), ...verdictOf.keys(), ...certificatesOf.keys()]);
  return [...all].map((device) => {
    const record = recordOf.get(device);
    const verdict = verdictOf.get(device);
    const live = liveOf.get(device);
    const held = certificatesOf.get(device) ?? [];
    const present = sessions.find(task, device);
    const { name, owner } = names.get(device) ?? { name: '', owner: '' };
    return {
      device,
      key: record?.key ?? verdict?.key ?? held[0]?.key ?? null,
      name,
      owner,
      connected: live !== undefined,
      presentSince: present?.since ?? null,
      // One that was certified in advance may never have come.
      lastSeen: record?.lastSeen ?? (live ? live.since : (verdict?.at ?? 0)),
      contributes: live?.contributes ?? record?.contributes ?? true,
      local: local.has(device),
      // Let in by an open door meanwhile, or by a certificate: it waits no longer.
      verdict: verdict === undefined || (verdict.verdict === 'waiting' && present) ? null : verdict.verdict,
      invite: verdict?.invite ?? null,
      asked: record?.asked ?? 0,
      contributed: record?.contributed ?? 0,
      failed: record?.failed ?? 0,
      about: live?.about ?? record?.about ?? null,
      network: live?.network ?? null,
      certificates: held,
    };
  });
}
