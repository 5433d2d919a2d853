import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { describeCertificate, describePlatform, describePresence } from './device-words.ts';

const TONES = { plain: 'text-muted', warn: 'text-warn', bad: 'text-bad' } as const;

function PresenceDot({ connected }: { connected: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`inline-block size-2 shrink-0 rounded-full ${connected ? 'bg-accent' : 'bg-line-strong'}`}
    />
  );
}

/** Its name and whose it is, where somebody said so, and by what it is recognised. */
export function DeviceName({ device: { name, owner, device } }: { device: DeviceEntry }) {
  return (
    <>
      <span className="block truncate font-medium">{name || <Fingerprint of={device} groups={2} />}</span>
      <span className="block truncate text-muted">
        {owner || (name ? '' : 'no name')}
        {owner && name && ' · '}
        {name && <Fingerprint of={device} groups={2} />}
      </span>
    </>
  );
}

export function PresenceCell({ device }: { device: DeviceEntry }) {
  const now = Date.now();
  return (
    <>
      <span className="flex items-center gap-2">
        <PresenceDot connected={device.connected} />
        <span className="truncate" title={device.lastSeen > 0 ? formatDate(device.lastSeen) : undefined}>
          {describePresence(device, now)}
        </span>
      </span>
      <span className="block truncate text-muted">{describePlatform(device)}</span>
    </>
  );
}

export function RoundsCell({ device: { contributes, contributed, asked, failed } }: { device: DeviceEntry }) {
  return (
    <>
      <span className="block">{contributes || asked > 0 ? `${contributed} of ${asked}` : 'committee only'}</span>
      {failed > 0 && <span className="block text-warn">{failed} failed</span>}
    </>
  );
}

export function CertificatesCell({ device: { certificates }, now }: { device: DeviceEntry; now: number }) {
  if (certificates.length === 0) return <span className="text-muted">–</span>;
  return certificates.map((certificate) => {
    const { text, tone } = describeCertificate(certificate, now);
    return (
      <span key={certificate.role} className={`block truncate ${TONES[tone]}`}>
        {text}
      </span>
    );
  });
}
