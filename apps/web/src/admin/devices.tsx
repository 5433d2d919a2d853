import type { DeviceView } from '@sotto/protocol/views';
import { Card } from '../ui/card.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Fingerprint } from '../ui/fingerprint.tsx';
import { formatClock, formatDate } from '../ui/quantity.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';

const CERTIFIED: Record<DeviceView['certified'][number], string> = { member: 'committee', device: 'contributor' };

/** Devices of the task, with their keys where a study key could certify them. What each of them learned stays sealed, so there is nothing of it to show. */
export function Devices({ devices, certifiable }: { devices: readonly DeviceView[]; certifiable: boolean }) {
  const connected = devices.filter((device) => device.connected).length;
  const sorted = devices.toSorted((a, b) => Number(b.connected) - Number(a.connected) || b.lastSeen - a.lastSeen);
  return (
    <Card title="Devices" aside={`${connected} connected`} testId="devices">
      {devices.length === 0 ? (
        <p className="text-muted">None yet. Share the link, or add devices on this machine to try it out.</p>
      ) : (
        <ScrollRegion label="All devices">
          <table className="w-full min-w-[34rem] text-left text-sm">
            <thead className="text-muted">
              <tr className="border-b border-line">
                <th className="py-2 pr-4 font-medium">Device</th>
                <th className="py-2 pr-4 font-medium">Presence</th>
                <th className="py-2 pr-4 text-right font-medium">Contributed</th>
                <th className="py-2 pr-4 font-medium">Certified for</th>
                <th className="py-2 pr-4 font-medium">Where</th>
                {certifiable && <th className="py-2 font-medium">Key</th>}
              </tr>
            </thead>
            <tbody>
              {sorted.map((device) => (
                <tr
                  key={device.device}
                  className="border-b border-line last:border-0"
                  data-testid="device-row"
                  data-connected={device.connected}
                >
                  <td className="py-2 pr-4">
                    <Fingerprint of={device.device} groups={2} />
                  </td>
                  <td className="whitespace-nowrap py-2 pr-4">
                    <span className="inline-flex items-center gap-2">
                      <span
                        aria-hidden="true"
                        className={`size-2 rounded-full ${device.connected ? 'bg-accent' : 'bg-line-strong'}`}
                      />
                      {device.connected && device.presentSince !== null
                        ? `here since ${formatClock(device.presentSince)}`
                        : `gone, last seen ${formatDate(device.lastSeen)}`}
                    </span>
                  </td>
                  <td className="py-2 pr-4 text-right">
                    {device.contributes ? `${device.contributed} of ${device.asked}` : 'committee only'}
                  </td>
                  <td className="py-2 pr-4">
                    {device.certified.map((role) => CERTIFIED[role]).join(', ') || (
                      <span className="text-muted">–</span>
                    )}
                  </td>
                  <td className="whitespace-nowrap py-2 pr-4">{device.local ? 'this machine' : 'elsewhere'}</td>
                  {certifiable && <td>{device.key && <CopyButton look="quiet" text={device.key} label="Copy" />}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  );
}
