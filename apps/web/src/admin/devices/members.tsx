import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { renew, type StudyKeys } from '../study/study-key.ts';
import { CertificatesCell, DeviceName, PresenceCell } from './device-row.tsx';
import { memberExpiry } from './seats.ts';

interface MembersProps {
  task: string;
  members: readonly DeviceEntry[];
  signer: StudyKeys['signer'];
  onOpen: (device: string) => void;
}

/** Who may be seated, and until when. */
export function Members({ task, members, signer, onOpen }: MembersProps) {
  const { busy, refusal, run } = useAction();
  const now = Date.now();
  const sorted = members.toSorted((a, b) => memberExpiry(a) - memberExpiry(b));
  const renewed = (devices: readonly DeviceEntry[]) =>
    devices
      .filter(({ verdict }) => verdict !== 'revoked')
      .flatMap(({ certificates }) => certificates.filter(({ role }) => role === 'member'));
  return (
    <Card
      title="Members"
      testId="members"
      aside={
        signer && (
          <Button disabled={busy} onClick={() => void run(() => renew(signer, renewed(members)))}>
            {busy ? 'Renewing …' : 'Renew all for 7 days'}
          </Button>
        )
      }
    >
      {refusal && <Notice tone="bad" title={refusal} />}
      <ScrollRegion label="Members of the committee">
        <table className="w-full min-w-[40rem] table-fixed text-left text-sm">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="py-2 pr-4 font-medium">Device</th>
              <th className="w-[30%] py-2 pr-4 font-medium">Presence</th>
              <th className="w-20 py-2 pr-4 font-medium">Network</th>
              <th className="w-44 py-2 pr-4 font-medium">Certificate</th>
              {signer && <th className="w-24 py-2 font-medium">Renew</th>}
            </tr>
          </thead>
          <tbody>
            {sorted.map((device) => (
              <tr key={device.device} data-testid="member-row" className="border-b border-line last:border-0">
                <td className="py-2 pr-4">
                  <button
                    type="button"
                    onClick={() => onOpen(device.device)}
                    className="block w-full rounded text-left hover:text-accent-strong"
                  >
                    <DeviceName device={device} />
                  </button>
                  {device.verdict === 'revoked' && <span className="text-bad">shut out</span>}
                </td>
                <td className="py-2 pr-4">
                  <PresenceCell device={device} />
                </td>
                <td className="py-2 pr-4">
                  {device.network ? (
                    <Fingerprint of={device.network} groups={1} />
                  ) : (
                    <span className="text-muted">–</span>
                  )}
                </td>
                <td className="py-2 pr-4">
                  <CertificatesCell
                    device={{ ...device, certificates: device.certificates.filter(({ role }) => role === 'member') }}
                    now={now}
                  />
                  <span className="block truncate text-muted">until {formatDate(memberExpiry(device))}</span>
                </td>
                {signer && (
                  <td className="py-2">
                    <Button
                      look="quiet"
                      disabled={busy || device.verdict === 'revoked'}
                      aria-label={`Renew ${device.name || device.device.slice(0, 8)}`}
                      onClick={() => void run(() => renew(signer, renewed([device])))}
                    >
                      Renew
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className="mt-4 text-sm text-muted">
        A certificate holds for 7 days and cannot be taken back: whoever is not renewed leaves the committee by itself.
        To have somebody out at once, shut the device out.
      </p>
      <div className="mt-4">
        <CommandLine words={['device', 'certify', task, '--renew']} label="Renew all from a shell" />
      </div>
    </Card>
  );
}
