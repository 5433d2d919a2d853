import { Dialog } from '@base-ui/react/dialog';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import type { TaskAdmission } from '@sotto/protocol/admission';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { command } from '../../api/request.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import type { StudyKeys } from '../study/study-key.ts';
import { CompareKeys } from './compare-keys.tsx';
import { type Decide, Decision } from './decision.tsx';
import { CertificatesCell, PresenceCell } from './device-row.tsx';
import { deviceQuery } from './queries.ts';

interface DetailsProps {
  task: string;
  device: string;
  admission: TaskAdmission;
  keys: StudyKeys | undefined;
  mayChange: boolean;
  onDecide: Decide;
  onClose: () => void;
}

/** All that is known of one device, at the side. */
export function Details({ task, device: id, onClose, ...rest }: DetailsProps) {
  const { data: device } = useQuery(deviceQuery(task, id));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-10 bg-[#000]/45" />
        <Dialog.Popup
          data-testid="device-details"
          className="fixed inset-y-0 right-0 z-20 w-[min(30rem,100vw)] overflow-y-auto border-l border-line bg-surface p-6 shadow-2xl"
        >
          <div className="flex items-start justify-between gap-4">
            <Dialog.Title className="min-w-0 text-lg font-semibold [overflow-wrap:anywhere]">
              {device?.name || 'Device'}
            </Dialog.Title>
            <Dialog.Close className={buttonLook('quiet')}>Close</Dialog.Close>
          </div>
          {device === null && <p className="mt-4 text-muted">This task knows no such device (any more).</p>}
          {device && <Known task={task} device={device} {...rest} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type KnownProps = Omit<DetailsProps, 'device' | 'onClose'> & { device: DeviceEntry };

function Known({ task, device, admission, keys, mayChange, onDecide }: KnownProps) {
  const { asked, contributed, failed, network, invite } = device;
  const signer = mayChange ? keys?.signer : null;
  const short = device.device.slice(0, 16);
  return (
    <div className="mt-4 space-y-6 text-sm">
      <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="Fingerprint">
          <Fingerprint of={device.device} groups={6} />
        </Fact>
        <Fact name="Presence">
          <PresenceCell device={device} />
        </Fact>
        <Fact name="Sotto">{device.about?.version ?? '–'}</Fact>
        <Fact name="Rounds">
          asked in {asked}, contributed to {contributed}, no word in {failed}
        </Fact>
        <Fact name="Network">
          {network ? <code title="Tells networks apart, and nothing else.">{network}</code> : '–'}
        </Fact>
        <Fact name="Came by">{invite ? <Fingerprint of={invite} groups={2} /> : 'no invite code'}</Fact>
        <Fact name="Certified">
          <CertificatesCell device={device} now={Date.now()} />
        </Fact>
      </dl>
      {device.key && <CopyButton text={device.key} label="Copy its public key" />}
      <fieldset disabled={!mayChange} className="space-y-6">
        <Naming key={device.device} task={task} device={device} />
        <div className="flex flex-wrap gap-3 border-t border-line pt-5">
          {signer && device.key && (
            <>
              <CompareKeys
                devices={[device]}
                task={task}
                whatFor="member"
                signer={signer}
                label="Certify for the committee"
              />
              <CompareKeys
                devices={[device]}
                task={task}
                whatFor="device"
                signer={signer}
                label="Certify as contributor"
              />
            </>
          )}
          <Decision device={device} admission={admission} onDecide={onDecide} />
        </div>
      </fieldset>
      <div className="space-y-2">
        {device.verdict === 'waiting' && <CommandLine words={['device', 'approve', task, short]} />}
        <CommandLine words={['device', 'revoke', task, short]} label="Shut it out from a shell" />
        {device.key && <CommandLine words={['device', 'certify', task, short]} label="Certify it from a shell" />}
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Naming({ task, device: { device, ...kept } }: { task: string; device: DeviceEntry }) {
  const [name, setName] = useState(kept.name);
  const [owner, setOwner] = useState(kept.owner);
  const { busy, refusal, run } = useAction();
  const changed = name.trim() !== kept.name || owner.trim() !== kept.owner;
  return (
    <form
      className="space-y-4 border-t border-line pt-5"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => command('PUT', `/api/admin/devices/${device}`, { name, owner }));
      }}
    >
      <div className="grid grid-cols-2 gap-4">
        <TextField label="Name" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        <TextField
          label="Owner"
          maxLength={80}
          value={owner}
          hint="Whoever can use it: for the committee’s warnings."
          onChange={(event) => setOwner(event.target.value)}
        />
      </div>
      {refusal && <Notice tone="bad" title={refusal} />}
      <Button type="submit" disabled={busy || !changed}>
        Save the name
      </Button>
      {changed && (
        <CommandLine
          words={['device', 'name', task, device.slice(0, 16), '--name', name.trim(), '--owner', owner.trim()]}
        />
      )}
    </form>
  );
}
