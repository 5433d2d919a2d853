import { type Inclusion, inclusionOf } from '@sotto/participant/inclusion';
import { deviceIdOf } from '@sotto/protocol/ids';
import { contributorsOf, partsOf, roundPlanOf, type TranscriptBody } from '@sotto/protocol/transcript';
import { useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { evidenceName } from './queries.ts';

const SAYS: Readonly<Record<Inclusion, string>> = {
  included: 'Its update is in the sum.',
  'left-out': 'Its update is in the sum of a group that was left out: it changed nothing.',
  dropped: 'It sent an update that the committee could not use. It is in no sum.',
  absent: 'No update of it is in this round.',
};
/** Fewer digits fit too many devices. */
const LEAST_DIGITS = 4;

/** Whether a device's update is in the round, by its id or how that begins. */
export function DeviceLookup({ body, holds }: { body: TranscriptBody; holds: boolean | null }) {
  const [text, setText] = useState('');
  const digits = text.replace(/\s/g, '').toLowerCase();
  const isDigits = /^[0-9a-f]*$/.test(digits) && digits.length <= 64;
  const found = isDigits && digits.length >= LEAST_DIGITS ? devicesIn(body).filter((id) => id.startsWith(digits)) : [];
  const { run, round } = roundPlanOf(body);
  return (
    <Card title="Is a device in it?" testId="device-lookup">
      <div className="space-y-4">
        <TextField
          label="The device’s id"
          hint="Its first digits will do. The participant page and “sotto join” show it."
          error={isDigits ? undefined : 'It must be hexadecimal digits, 64 at the most.'}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
        {isDigits && digits.length >= LEAST_DIGITS && (
          <div role="status" className="space-y-2 text-sm" data-testid="inclusion">
            {found.length === 0 && <p>{SAYS.absent}</p>}
            {found.length > 1 && <p>{found.length} devices begin so. Add digits.</p>}
            {found.length === 1 && (
              <p>
                <Fingerprint of={found[0]!} /> {SAYS[inclusionOf(body, found[0]!)]}
              </p>
            )}
            {found.length === 1 && holds !== true && (
              <p className="text-muted">
                {holds === null
                  ? 'The record is not checked yet.'
                  : 'The record does not hold, so this proves nothing.'}
              </p>
            )}
          </div>
        )}
        <CommandLine
          words={['verify', evidenceName({ run, round }), '--device', found.length === 1 ? found[0]! : 'ID']}
        />
      </div>
    </Card>
  );
}

/** Everybody of whom there is an update, whatever became of it. */
function devicesIn(body: TranscriptBody): string[] {
  const candidates = partsOf(body).flatMap((part) => part.candidates.map(({ key }) => deviceIdOf(key)));
  return [...new Set([...candidates, ...contributorsOf(body)])];
}
