import { committeeSizes, type Seat } from '@sotto/fl-core/committee-health';
import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { MAX_CERTIFICATE_LIFETIME_MS } from '@sotto/protocol/certificate';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import type { StudyKeys } from '../study/study-key.ts';
import { CompareKeys } from './compare-keys.tsx';
import { DeviceName, PresenceCell } from './device-row.tsx';
import { devicesQuery } from './queries.ts';
import { memberExpiry, seatOf } from './seats.ts';
import { Warnings } from './warnings.tsx';

interface CandidatesProps {
  task: string;
  seats: readonly Seat[];
  signer: NonNullable<StudyKeys['signer']>;
  nameOf: (device: string) => string;
}

/** Chooses further members, and says what would speak against the committee with them. */
export function Candidates({ task, seats, signer, nameOf }: CandidatesProps) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<readonly DeviceEntry[]>([]);
  // Whoever is not here now is looked for by name.
  const show = search === '' ? 'connected' : 'all';
  const looking = { search, show, order: 'seen', reversed: 'false' } as const;
  const { data } = useQuery(devicesQuery(task, looking, 0));
  const now = Date.now();
  const members = new Set(seats.filter(({ expiry }) => expiry > now).map(({ device }) => device));
  const found = (data?.devices ?? []).filter(
    (device) => device.key !== null && device.verdict !== 'revoked' && !members.has(device.device),
  );
  const chosenIds = new Set(chosen.map(({ device }) => device));
  const added = chosen.map((device) =>
    seatOf(device, Math.max(memberExpiry(device), now + MAX_CERTIFICATE_LIFETIME_MS)),
  );
  const together = [...seats.filter(({ device }) => !chosenIds.has(device)), ...added];
  const { most } = committeeSizes(together, now);
  return (
    <Card title="Add members" testId="candidates">
      <TextField
        label="Search among the devices of this task"
        hint="Below are those that are connected; search for others."
        type="search"
        maxLength={200}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul className="mt-3 max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line text-sm">
        {found.map((device) => (
          <li key={device.device}>
            <label className="grid cursor-pointer grid-cols-[1.5rem_minmax(0,1fr)_minmax(0,1fr)] items-center gap-3 px-3 py-2 hover:bg-sunken">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={chosenIds.has(device.device)}
                onChange={(event) =>
                  setChosen((before) =>
                    event.target.checked
                      ? [...before, device]
                      : before.filter((other) => other.device !== device.device),
                  )
                }
              />
              <span>
                <DeviceName device={device} />
              </span>
              <span>
                <PresenceCell device={device} />
              </span>
            </label>
          </li>
        ))}
        {found.length === 0 && (
          <li className="px-3 py-4 text-muted">
            {search === ''
              ? 'No other device is connected. Share the link, or search for those that are away.'
              : 'No device is like that.'}
          </li>
        )}
      </ul>
      {chosen.length > 0 && (
        <div className="mt-4 space-y-3" data-testid="preview">
          <p className="text-sm font-medium">
            With {chosen.length === 1 ? 'it' : `these ${chosen.length}`}:{' '}
            {most ? `any ${most.t} of ${most.m} members open a sum.` : 'still too few for a committee.'}
          </p>
          <Warnings seats={together} nameOf={nameOf} />
          <CompareKeys
            {...{ task, signer }}
            devices={chosen}
            whatFor="member"
            look="primary"
            label={`Compare and certify ${chosen.length}`}
            onDone={() => setChosen([])}
          />
          <CommandLine words={['device', 'certify', task, ...chosen.map(({ device }) => device.slice(0, 16))]} />
        </div>
      )}
    </Card>
  );
}
