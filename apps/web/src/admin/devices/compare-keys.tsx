import { Dialog } from '@base-ui/react/dialog';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import type { Role } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { useState } from 'react';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { useAction } from '../frame/action.ts';
import { certify, type StudyKeys } from '../study/study-key.ts';

interface CompareKeysProps {
  devices: readonly DeviceEntry[];
  task: string;
  whatFor: Role;
  signer: NonNullable<StudyKeys['signer']>;
  label: string;
  look?: 'primary' | 'plain';
  onDone?: () => void;
}

/** Certifies devices, after whoever does so has compared what they are with what these show themselves: the coordinator's list alone proves nothing. */
export function CompareKeys({ devices, task, whatFor, signer, label, look = 'plain', onDone }: CompareKeysProps) {
  const [open, setOpen] = useState(false);
  const [compared, setCompared] = useState(false);
  const { busy, refusal, run } = useAction();
  const keys = devices.flatMap(({ key }) => (key === null ? [] : [key]));
  const what = whatFor === 'member' ? 'may sit on the committee' : 'may contribute where only certified devices may';
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setCompared(false);
      }}
    >
      <Dialog.Trigger className={buttonLook(look)} disabled={keys.length === 0}>
        {label}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-10 bg-[#000]/45" />
        <Dialog.Popup
          data-testid="compare-keys"
          className="fixed left-1/2 top-1/2 z-20 flex max-h-[calc(100dvh-2rem)] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col rounded-2xl border border-line bg-surface p-6 shadow-2xl"
        >
          <Dialog.Title className="text-lg font-semibold">
            Certify {keys.length === 1 ? 'this device' : formatPlural(keys.length, 'device')}?
          </Dialog.Title>
          <Dialog.Description className="mt-2 text-sm text-muted">
            Each {what}, for 7 days. Compare every fingerprint with what the device itself shows, by phone or in person:
            a page has it under “Learns with …”, “sotto join” prints it as “device”.
          </Dialog.Description>
          <ul className="mt-4 min-h-0 flex-1 divide-y divide-line overflow-y-auto rounded-lg border border-line text-sm">
            {devices.map(({ device, key, name, owner }) => (
              <li key={device} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
                <span className="[overflow-wrap:anywhere]">
                  {name || 'no name'}
                  {owner && <span className="text-muted"> · {owner}</span>}
                </span>
                {/* Of the key that is signed, whatever the coordinator calls it. */}
                {key !== null && <Fingerprint of={deviceIdOf(key)} groups={6} />}
              </li>
            ))}
          </ul>
          <label className="mt-4 flex items-start gap-2 text-sm">
            <input
              type="checkbox"
              className="mt-1 size-4 accent-(--accent)"
              checked={compared}
              onChange={(event) => setCompared(event.target.checked)}
            />
            I have compared {keys.length === 1 ? 'it' : 'all of them'}.
          </label>
          {refusal && (
            <div className="mt-4">
              <Notice tone="bad" title={refusal} />
            </div>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-3">
            <Dialog.Close className={buttonLook('plain')}>Not now</Dialog.Close>
            <Button
              look="primary"
              disabled={busy || !compared}
              onClick={() =>
                void run(() => certify(signer, { keys, task, role: whatFor })).then((done) => {
                  if (!done) return;
                  setOpen(false);
                  onDone?.();
                })
              }
            >
              {busy ? 'Certifying …' : 'Certify'}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
