import type { TaskAdmission } from '@sotto/protocol/admission';
import type { DeviceView } from '@sotto/protocol/views';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatClock, formatDate } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useAction } from '../frame/action.ts';

const CERTIFIED: Record<DeviceView['certified'][number], string> = { member: 'committee', device: 'contributor' };

interface DevicesProps {
  devices: readonly DeviceView[];
  admission: TaskAdmission;
  mayChange: boolean;
  certifiable: boolean;
}

/** Devices of the task, with their keys where a study key could certify them. What each of them learned stays sealed, so there is nothing of it to show. */
export function Devices({ devices, admission, mayChange, certifiable }: DevicesProps) {
  const { busy, refusal, run } = useAction();
  const decide = ({ task, device }: DeviceView, verdict: 'admitted' | 'revoked') =>
    void run(() => command('POST', '/api/admin/verdicts', { task, device, verdict }));
  const connected = devices.filter((device) => device.connected).length;
  const sorted = devices.toSorted(
    (a, b) =>
      Number(isWaiting(b)) - Number(isWaiting(a)) ||
      Number(b.connected) - Number(a.connected) ||
      b.lastSeen - a.lastSeen,
  );
  return (
    <Card title="Devices" aside={`${connected} connected`} testId="devices">
      {refusal && <Notice tone="bad" title={refusal} />}
      {devices.length === 0 ? (
        <p className="text-muted">None yet. Share the link, or add devices on this machine to try it out.</p>
      ) : (
        <ScrollRegion label="All devices">
          <table className="w-full min-w-[44rem] text-left text-sm">
            <thead className="text-muted">
              <tr className="border-b border-line">
                <th className="py-2 pr-4 font-medium">Device</th>
                <th className="py-2 pr-4 font-medium">Let in</th>
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
                    <fieldset disabled={busy || !mayChange}>
                      <Decision device={device} admission={admission} onDecide={decide} />
                    </fieldset>
                  </td>
                  <td className="whitespace-nowrap py-2 pr-4">
                    <span className="inline-flex items-center gap-2">
                      <span
                        aria-hidden="true"
                        className={`size-2 rounded-full ${device.connected ? 'bg-accent' : 'bg-line-strong'}`}
                      />
                      {describePresence(device)}
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

function isWaiting({ verdict }: DeviceView): boolean {
  return verdict === 'waiting';
}

function describePresence({ connected, presentSince, lastSeen }: DeviceView): string {
  if (!connected) return `gone, last seen ${formatDate(lastSeen)}`;
  return presentSince === null ? 'connected, waits' : `here since ${formatClock(presentSince)}`;
}

interface DecisionProps {
  device: DeviceView;
  admission: TaskAdmission;
  onDecide: (device: DeviceView, verdict: 'admitted' | 'revoked') => void;
}

function Decision({ device, admission, onDecide }: DecisionProps) {
  const { verdict } = device;
  const allow = (label: string) => <Button onClick={() => onDecide(device, 'admitted')}>{label}</Button>;
  const shutOut = (
    <ConfirmButton
      label={verdict === 'waiting' ? 'Refuse' : 'Shut out'}
      title="Shut this device out?"
      confirm="Shut it out"
      keep="Leave it"
      onConfirm={() => onDecide(device, 'revoked')}
    >
      Its session ends at once. An update of a round that is still collecting is dropped; what the committee has been
      shown already stays in the sum. You can let it in again.
    </ConfirmButton>
  );
  if (verdict === 'revoked')
    return (
      <span className="inline-flex items-center gap-2">
        <span className="text-bad">shut out</span> {allow('Let in again')}
      </span>
    );
  if (verdict === 'waiting')
    return (
      <span className="inline-flex items-center gap-2">
        {admission === 'certified' ? <span className="text-warn">waits for a certificate</span> : allow('Approve')}
        {shutOut}
      </span>
    );
  return shutOut;
}
